//! The guards. A handler says in its signature who may call it, and the stronger guard asks the weaker one:
//! [`Desk`] (anybody) ← [`Member`] (signed in) ← [`Author`], [`Director`], [`Auditing`] (sees figures beyond oneself).
//! Somebody without the right gets the page that anybody gets for an address that doesn't exist; a visitor is asked to sign in.

use std::ops::Deref;

use rocket::http::Status;
use rocket::outcome::{Outcome, try_outcome};
use rocket::request::{FlashMessage, FromRequest, Outcome as RequestOutcome, Request};

use super::crowd::{Crowd, Visit};
use super::shell::{self, Shell};
use crate::db::{Db, Store, Tx};
use crate::identity::class::Class;
use crate::identity::{SignedIn, Token, sessions};
use crate::kernel::{Actor, Clock, Day, Locale, Problem, Result, Role};
use crate::roster::District;

/// The session's cookie.
pub const SESSION_COOKIE: &str = "assent";
/// The language that a visitor chose.
pub const LANGUAGE_COOKIE: &str = "assent-language";

/// What every handler works with: the database, the clock, the district, the reader.
#[derive(Debug, Clone)]
pub struct Desk {
    pub store: Store,
    pub clock: Clock,
    pub district: District,
    pub locale: Locale,
    pub actor: Option<Actor>,
    pub token: Option<Token>,
    /// The device is in children's hands: whoever handed it over, and for which class. Then `actor` is nobody, so that no other guard opens.
    pub class: Option<(Actor, Class)>,
    path: String,
    notice: Option<String>,
}

impl Desk {
    pub async fn read(&self) -> Result<Tx> {
        self.store.read(&self.clock).await
    }

    pub async fn write(&self) -> Result<Tx> {
        self.store.write(&self.clock).await
    }

    /// Whether the reader came by a link in a mail, which is only to answer.
    pub fn only_answers(&self) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.by_link)
    }

    /// Today on the district's calendar.
    pub fn today(&self) -> Day {
        self.district.today(self.clock.now())
    }

    /// The frame of a page, with its title in the reader's language.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        Shell {
            title: title.into(),
            locale: self.locale,
            district: self.district.name.clone(),
            name: self.actor.as_ref().map(|a| a.name.clone()),
            nav: if self.class.is_some() { Vec::new() } else { shell::nav(self.actor.as_ref(), &self.path) },
            in_class: self.class.is_some(),
            only_answers: self.only_answers(),
            at_the_door: false,
            path: self.path.clone(),
            notice: self.notice.clone(),
            problems: Vec::new(),
            today: self.today(),
        }
    }

    /// The message of that key in the reader's language.
    pub fn t(&self, key: &str) -> String {
        super::words::say(self.locale, key)
    }
}

fn token_of(request: &Request<'_>) -> Option<Token> {
    request.cookies().get(SESSION_COOKIE).map(|c| Token::from_cookie(c.value()))
}

async fn look_up(request: &Request<'_>) -> Result<Desk> {
    let Some(crowd) = request.rocket().state::<Crowd>() else {
        return Err(Problem::internal("the server isn't ready", "no Crowd is managed"));
    };
    let token = token_of(request);
    let visit = crowd.visit(token.clone()).await?;
    let stale = visit.signed_in.as_ref().is_some_and(|s| s.stale);
    let desk = desk(request, visit).await?;
    if let Some(token) = token.filter(|_| stale) {
        let mut tx = desk.write().await?;
        sessions::seen(&mut tx, &token).await?;
        tx.commit().await?;
    }
    Ok(desk)
}

async fn desk(request: &Request<'_>, visit: Visit) -> Result<Desk> {
    let store = match request.guard::<&Db>().await {
        Outcome::Success(db) => Store::clone(db),
        _ => return Err(Problem::internal("the database isn't ready", "no Db is managed")),
    };
    let clock = request.rocket().state::<Clock>().cloned().unwrap_or_default();
    let token = token_of(request);
    let Visit { district, signed_in } = visit;
    let locale = signed_in
        .as_ref()
        .and_then(|s| s.language)
        .or_else(|| request.cookies().get(LANGUAGE_COOKIE).and_then(|c| Locale::from_tag(c.value())))
        .or_else(|| request.headers().get_one("Accept-Language").and_then(Locale::from_accept_language))
        .unwrap_or_else(|| district.locale());
    // Only the page that shows the notice may take it from the cookie: images and style sheets don't ask for a Desk.
    let notice = FlashMessage::from_request(request).await.succeeded().map(|flash| flash.message().to_owned());
    let path = request.uri().to_string();
    let (actor, class) = match signed_in {
        Some(SignedIn { actor, class: Some(class), .. }) => (None, Some((actor, class))),
        Some(SignedIn { actor, .. }) => (Some(actor), None),
        None => (None, None),
    };
    Ok(Desk { store, clock, district, locale, actor, token, class, path, notice })
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for &'r Desk {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> RequestOutcome<Self, ()> {
        let made = request.local_cache_async(async { found(look_up(request).await) }).await;
        match made {
            // A device in children's hands opens nothing else, not even what anybody may read.
            Some(desk) if desk.class.is_some() && !is_class_page(request) => Outcome::Error((Status::Unauthorized, ())),
            Some(desk) if desk.only_answers() && !is_to_answer(request) => Outcome::Error((Status::Forbidden, ())),
            Some(desk) => Outcome::Success(desk),
            None => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}

fn found(desk: Result<Desk>) -> Option<Desk> {
    desk.inspect_err(|problem| tracing::error!(%problem, "a request found no desk")).ok()
}

/// Somebody who may be signed in, whom nobody has looked up yet: for a handler that asks the [`Crowd`] for that and for its work at once.
pub struct AtTheDoor<'r>(&'r Request<'r>);

impl<'r> AtTheDoor<'r> {
    pub fn token(&self) -> Option<Token> {
        token_of(self.0)
    }

    /// The member that this visit shows.
    ///
    /// # Errors
    /// As the guard [`Member`].
    pub async fn came_in(&self, visit: Visit) -> std::result::Result<Member<'r>, Status> {
        self.0.local_cache_async(async { found(desk(self.0, visit).await) }).await;
        self.member().await
    }

    /// As the guard [`Member`].
    ///
    /// # Errors
    /// As the guard [`Member`].
    pub async fn member(&self) -> std::result::Result<Member<'r>, Status> {
        match self.0.guard::<Member<'r>>().await {
            Outcome::Success(member) => Ok(member),
            Outcome::Error((status, ())) | Outcome::Forward(status) => Err(status),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for AtTheDoor<'r> {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> RequestOutcome<Self, Self::Error> {
        Outcome::Success(Self(request))
    }
}

/// Whether the address is one of class mode.
pub(super) fn is_class_page(request: &Request<'_>) -> bool {
    let path = request.uri().path();
    path == "/class" || path.starts_with("/class/")
}

/// What opens to somebody who came by a link in a mail: what is needed to see and do one's own tasks, and the doors. Everything else is
/// refused. Of courses and attempts only those that are asked of the reader: `courses.rs` looks.
const TO_ANSWER: [&str; 36] = [
    "GET /",
    "GET /tasks",
    "GET /tasks/<requirement>/<about>",
    "GET /tasks/<requirement>/<about>/answer",
    "POST /tasks/<requirement>/<about>/answer",
    "GET /tasks/<requirement>/<about>/course",
    "GET /answers",
    "GET /receipts/<uid>",
    "GET /receipts/<uid>/text",
    "GET /receipts/<uid>/text.json",
    "GET /receipts/<uid>/receipt.json",
    "GET /receipts/<uid>/receipt.pdf",
    "GET /receipts/<uid>/scans/<scan>",
    "GET /receipts/<uid>/take-back",
    "POST /receipts/<uid>/take-back",
    "GET /receipts/<uid>/give",
    "POST /receipts/<uid>/give",
    "GET /receipts/<uid>/same",
    "POST /receipts/<uid>/same",
    "GET /courses/<slug>",
    "POST /courses/<slug>/attempts",
    "GET /attempts/<uid>",
    "GET /attempts/<uid>/lessons/<n>",
    "POST /attempts/<uid>/lessons/<n>",
    "GET /attempts/<uid>/questions/<n>",
    "POST /attempts/<uid>/questions/<n>",
    "GET /attempts/<uid>/result",
    "POST /attempts/<uid>/result",
    "POST /language",
    "POST /sign-out",
    "GET /sign-in",
    "POST /sign-in",
    "GET /link/<token>",
    "POST /link/<token>",
    "GET /link/<token>/again",
    "POST /link/<token>/again",
];

/// Whether the address is one of [`TO_ANSWER`].
pub(super) fn is_to_answer(request: &Request<'_>) -> bool {
    request.route().is_some_and(|route| {
        let asked = (route.method.as_str(), route.uri.path());
        TO_ANSWER.iter().any(|known| known.split_once(' ') == Some(asked))
    })
}

/// A device in children's hands: class mode. Whoever is signed in otherwise gets the page that anybody gets for an address that doesn't
/// exist, a visitor is sent to the sign-in page.
#[derive(Debug, Clone, Copy)]
pub struct InClass<'r> {
    desk: &'r Desk,
    /// Whoever stands by.
    pub actor: &'r Actor,
    pub class: &'r Class,
}

impl Deref for InClass<'_> {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        self.desk
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for InClass<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> RequestOutcome<Self, ()> {
        let desk = try_outcome!(request.guard::<&'r Desk>().await);
        match (&desk.class, &desk.actor) {
            (Some((actor, class)), _) => Outcome::Success(Self { desk, actor, class }),
            (None, Some(_)) => Outcome::Error((Status::NotFound, ())),
            (None, None) => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

/// Somebody who is signed in. A visitor is sent to the sign-in page (401).
#[derive(Debug, Clone, Copy)]
pub struct Member<'r> {
    desk: &'r Desk,
    pub actor: &'r Actor,
}

impl Deref for Member<'_> {
    type Target = Desk;
    fn deref(&self) -> &Desk {
        self.desk
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Member<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> RequestOutcome<Self, ()> {
        let desk = try_outcome!(request.guard::<&'r Desk>().await);
        match &desk.actor {
            Some(actor) => Outcome::Success(Self { desk, actor }),
            None => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

macro_rules! guard {
    ($(#[$doc:meta])* $name:ident, |$actor:ident| $may:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<'r>(Member<'r>);

        impl<'r> $name<'r> {
            pub fn actor(&self) -> &'r Actor {
                self.0.actor
            }
        }

        impl Deref for $name<'_> {
            type Target = Desk;
            fn deref(&self) -> &Desk {
                self.0.desk
            }
        }

        #[rocket::async_trait]
        impl<'r> FromRequest<'r> for $name<'r> {
            type Error = ();

            async fn from_request(request: &'r Request<'_>) -> RequestOutcome<Self, ()> {
                let member = try_outcome!(request.guard::<Member<'r>>().await);
                let $actor = member.actor;
                if $may { Outcome::Success(Self(member)) } else { Outcome::Error((Status::NotFound, ())) }
            }
        }
    };
}

guard!(
    /// The technology director.
    Director,
    |actor| actor.is_director()
);
guard!(
    /// Whoever may write drafts and answer comments.
    Author,
    |actor| actor.may_author()
);
guard!(
    /// Whoever may take a class in class mode or give it a lesson: which classes, `roster::sections` says.
    Teaching,
    |actor| actor.has(Role::Teacher) || actor.has(Role::SchoolLeader)
);
guard!(
    /// Whoever may see lessons that were given to classes: which ones, `training::attestations` says.
    Lessons,
    |actor| actor.has(Role::Teacher) || actor.has(Role::SchoolLeader) || actor.is_director()
);
guard!(
    /// Whoever sees figures beyond oneself.
    Auditing,
    |actor| actor.may_audit()
);
guard!(
    /// Whoever prints and enters forms on paper.
    Clerk,
    |actor| crate::acknowledgments::paper::may(actor)
);
guard!(
    /// Whoever sees whom nothing reaches, and hands out letters.
    Telling,
    |actor| crate::notices::never_told::may(actor)
);
guard!(
    /// Whoever may see the district's standing on standard 5.
    Standards,
    |actor| actor.is_director() || actor.has(Role::Auditor) || actor.has(Role::BoardMember) || actor.has(Role::SchoolLeader)
);
