//! The first page of those who look after others: what is in force and how it stands, what is in the making, what waits.

use askama::Template;

use super::answer::{Answer, Html, page};
use super::classes;
use super::desk::Member;
use super::shell::Shell;
use super::teaching;
use crate::acknowledgments::{paper, told};
use crate::db::Tx;
use crate::feedback;
use crate::kernel::{Reach, Result, Role};
use crate::notices::{never_told, status};
use crate::obligations::figures;
use crate::obligations::requirements::{self, RequirementState};
use crate::policies::{self, State};

struct Tile {
    href: String,
    title: String,
    share: String,
    line: String,
    late: String,
    /// Those who are late, for whoever may see people.
    late_href: Option<String>,
    meter: i64,
    /// Tenths of a percent: the lowest stands first.
    order: i64,
}

struct Waiting {
    href: String,
    text: String,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    shell: Shell,
    given: String,
    tiles: Vec<Tile>,
    waiting: Vec<Waiting>,
    making: Vec<Waiting>,
    tasks: usize,
    director: bool,
    /// Writes drafts and answers comments: what is in the making stands beside what waits.
    author: bool,
    empty: bool,
    /// Classes of the reader with children who are still to answer.
    classes: Vec<classes::Line>,
    /// Classes of the reader that have a course to do.
    lessons: Vec<teaching::Line>,
    /// Where a school leader stands in for a teacher.
    stand_in: Option<&'static str>,
}

/// Whether somebody's first page is this one: whoever reaches over schools.
pub fn is_for(member: Member<'_>) -> bool {
    matches!(member.actor.reach, Reach::Orgs(_))
}

/// The mail server that is down, mails that went amiss, and that there are people whom nothing reaches: for whoever looks after it.
async fn mail(tx: &mut Tx, member: Member<'_>, shell: &Shell, waiting: &mut Vec<Waiting>) -> Result<()> {
    if member.actor.is_director() {
        let (down_since, amiss) = status::in_short(tx, member.actor).await?;
        if let Some(since) = down_since {
            let day = shell.locale.weekday_and_day(member.district.zone.day(since));
            waiting.push(Waiting { href: "/mail".into(), text: shell.tv("today-mail-down", "day", day) });
        }
        if amiss > 0 {
            waiting.push(Waiting { href: "/mail".into(), text: shell.tv("today-mail-amiss", "number", amiss) });
        }
    }
    if never_told::may(member.actor) && never_told::any(tx, member.actor, &member.district).await? {
        waiting.push(Waiting { href: "/mail/never-told".into(), text: shell.t("today-never-told") });
    }
    Ok(())
}

pub async fn today(member: Member<'_>) -> Answer<Html> {
    let mut tx = member.read().await?;
    let shell = member.shell(member.t("nav-today"));
    let (mut tiles, mut waiting, mut making) = (Vec::new(), Vec::new(), Vec::new());
    for requirement in requirements::all(&mut tx, member.actor).await? {
        if requirement.state != RequirementState::Issued {
            continue;
        }
        let counts = figures::total(&mut tx, member.actor, requirement.uid, shell.today).await?;
        let Some(share) = counts.per_mille() else { continue };
        tiles.push(Tile {
            href: format!("/audit?requirement={}", requirement.uid),
            share: shell.locale.per_mille(share),
            line: shell.tvv("today-tile", "done", shell.number(&counts.fulfilled), "asked", shell.number(&counts.asked())),
            late: shell.tvv("today-late", "number", counts.late, "said", shell.number(&counts.late)),
            late_href: (counts.late > 0 && member.actor.may_see_people())
                .then(|| format!("/audit/{}/people?as_of={}&state=late", requirement.uid, shell.today)),
            meter: share / 10,
            order: share,
            title: requirement.title,
        });
    }
    tiles.sort_by_key(|t: &Tile| t.order);
    let comments = !member.actor.may_author() && !feedback::groups_of(member.actor).is_empty();
    if comments {
        for (version, round) in feedback::open_for(&mut tx, Some(member.actor)).await? {
            let title = policies::read(&mut tx, &version, Some(member.locale.tag())).await?.title;
            waiting.push(Waiting {
                href: format!("/policies/{}/versions/{}", version.slug, version.number),
                text: shell.tvv("today-comment-on", "title", title, "day", shell.locale.weekday_and_day(round.closes)),
            });
        }
    }
    if member.actor.may_author() {
        for (version, round) in feedback::open_for(&mut tx, Some(member.actor)).await? {
            let title = policies::read(&mut tx, &version, Some(member.locale.tag())).await?.title;
            making.push(Waiting {
                href: format!("/policies/{}/versions/{}", version.slug, version.number),
                text: shell.tvv("today-open", "title", title, "day", shell.locale.weekday_and_day(round.closes)),
            });
        }
        for policy in policies::all(&mut tx).await? {
            for version in policies::versions(&mut tx, policy.id).await? {
                let here = format!("/policies/{}/versions/{}", version.slug, version.number);
                let number = match version.state {
                    State::Open | State::Closed => feedback::unanswered(&mut tx, version.id).await?,
                    _ => 0,
                };
                if number > 0 {
                    let title = policies::read(&mut tx, &version, Some(member.locale.tag())).await?.title;
                    waiting.push(Waiting {
                        href: format!("{here}/comments"),
                        text: shell.tvv("today-comments", "number", number, "title", title),
                    });
                }
                if version.state == State::Adopted {
                    let title = policies::read(&mut tx, &version, Some(member.locale.tag())).await?.title;
                    waiting.push(Waiting { href: here, text: shell.tv("today-publish", "title", title) });
                }
            }
            if policy.next_review.is_some_and(|day| day <= shell.today.plus(30)) {
                waiting.push(Waiting { href: format!("/policies/{}", policy.slug), text: shell.tv("today-review", "title", policy.slug) });
            }
        }
    }
    if paper::may(member.actor) {
        let out: i64 = paper::waiting(&mut tx, member.actor).await?.iter().map(|w| w.number).sum();
        if out > 0 {
            waiting.push(Waiting { href: "/paper".into(), text: shell.tv("paper-today", "number", out) });
        }
    }
    if told::may_settle(member.actor) {
        let number = told::number(&mut tx, member.actor, told::Wanted::Waiting).await?;
        if number > 0 {
            waiting.push(Waiting { href: "/said-no".into(), text: shell.tv("today-told", "number", number) });
        }
    }
    mail(&mut tx, member, &shell, &mut waiting).await?;
    let tasks =
        crate::obligations::tasks::of(&mut tx, member.actor).await?.iter().filter(|t| t.state == crate::obligations::State::Open).count();
    let classes = classes::waiting(&mut tx, member, &shell).await?;
    let lessons = teaching::waiting(&mut tx, member, &shell).await?;
    let empty = tiles.is_empty() && waiting.is_empty() && making.is_empty();
    page(&TodayPage {
        given: member.actor.name.split_whitespace().next().unwrap_or_default().to_owned(),
        empty,
        classes,
        lessons,
        stand_in: member.actor.has(Role::SchoolLeader).then_some("/classes"),
        tiles,
        waiting,
        making,
        tasks,
        director: member.actor.is_director(),
        author: member.actor.may_author() && !empty,
        shell,
    })
}
