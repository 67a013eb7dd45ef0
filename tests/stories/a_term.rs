//! A term of two schools with a mail server of somebody else's: who gets which mail at which hour of which day, against a recount that knows only
//! who was asked what, when each answered, and the school calendar on the wall.

use std::collections::BTreeMap;

use assent::kernel::{Day, Moment, Page};
use assent::notices::letters::{self, Wanted};
use assent::notices::never_told::{self, Filter, Why};
use assent::notices::{Calendar, bounces, calendar};
use assent::obligations::Closing;
use assent::obligations::requirements::{AnswersAs, NewRequirement};
use assent::on;
use uuid::Uuid;

use crate::notices::reachable;
use crate::obligations::{closes, for_guardians, for_students, issued};
use crate::world::mail::{Mail, MailServer};
use crate::world::people::Person;
use crate::world::{World, day};

const FIRST: &str = "2026-10-19";
const END: &str = "2026-12-18";
/// Hours of Greenwich at which the postman comes: 6 to 9, 13 and 18 o'clock in Chicago, an hour less from 1 November on.
const ROUNDS: [i64; 6] = [11, 12, 13, 14, 18, 23];

/// A day and an hour on Chicago's clocks, by the table that hangs in every kitchen: they go back on 1 November 2026.
type When = (Day, i64);

fn when(text: &str) -> When {
    let (date, hour) = text.split_once(' ').unwrap();
    (day(date), hour.parse().unwrap())
}

fn ahead_of_chicago(date: Day) -> i64 {
    if date < day("2026-11-01") { 5 } else { 6 }
}

fn moment((date, hour): When) -> Moment {
    Moment((date.0 * 24 + hour + ahead_of_chicago(date)) * 3_600_000_000)
}

/// No school: weekends, Veterans Day, and three days of Thanksgiving.
fn is_quiet(date: Day) -> bool {
    let weekday = (date.0 + 3).rem_euclid(7);
    weekday >= 5 || [day("2026-11-11"), day("2026-11-25"), day("2026-11-26"), day("2026-11-27")].contains(&date)
}

fn school_day_after(mut date: Day) -> Day {
    loop {
        date = date.plus(1);
        if !is_quiet(date) {
            return date;
        }
    }
}

/// When the postman comes on that day, on Chicago's clocks.
fn rounds(date: Day) -> impl Iterator<Item = When> {
    ROUNDS.into_iter().map(move |hour| (date, hour - ahead_of_chicago(date)))
}

/// What somebody was asked, as the recount knows it.
struct Known {
    address: String,
    name: String,
    language: &'static str,
    line: String,
    school: String,
    asked: When,
    last: Day,
    /// Answered, or no longer asked.
    over: Option<When>,
}

impl Known {
    fn is_open(&self, at: When) -> bool {
        self.over.is_none_or(|over| over > at)
    }

    /// Each time at which a mail speaks of it.
    fn told(&self) -> Vec<When> {
        let mut told = Vec::new();
        let mut date = day(FIRST);
        let mut last_school_day = date.plus(-1);
        let mut new = true;
        while date <= day(END) {
            if !is_quiet(date) {
                let next = school_day_after(date);
                let within = |what: Day, from: Day, to: Day| from <= what && what <= to;
                for round in rounds(date).filter(|(_, hour)| *hour >= 7) {
                    if new && self.asked <= round {
                        new = false;
                        told.push(round);
                    }
                }
                let morning = rounds(date).find(|(_, hour)| *hour >= 7).unwrap();
                let soon = self.last >= date && [7_i64, 1, 0].iter().any(|n| within(self.last.plus(-n), date, next.plus(-1)));
                let late = (0..8).any(|n| within(self.last.plus(1 + 7 * n), last_school_day.plus(1), date));
                if (soon || late) && self.asked.0 < date && !told.iter().any(|(told, _)| *told == date) {
                    told.push(morning);
                }
                last_school_day = date;
            }
            date = date.plus(1);
        }
        told.retain(|at| self.is_open(*at));
        told
    }
}

/// What arrived: hour by hour, to whom, in which language, about what.
type Arrived = Vec<(When, String, String, Vec<String>)>;

fn read(at: When, mail: &Mail) -> (When, String, String, Vec<String>) {
    let greeting = mail.text.lines().next().unwrap();
    let (language, name) = match (greeting.strip_prefix("Hello "), greeting.strip_prefix("Hola, ")) {
        (Some(rest), None) => ("en", rest.trim_end_matches(',')),
        (None, Some(rest)) => ("es", rest.trim_end_matches(':')),
        _ => panic!("{greeting}"),
    };
    let mut lines: Vec<String> = mail.text.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect();
    lines.sort();
    assert_eq!(mail.to.len(), 1);
    (at, format!("{} {name}", mail.to[0]), language.to_owned(), lines)
}

/// Something that happens in the term.
enum Event {
    Answers { requirement: Uuid, person: Person, about: Person },
    Moves,
    Leaves,
    Joins,
    Bounces,
    Moved(String),
}

struct Term {
    known: Vec<Known>,
    events: Vec<(When, Event)>,
}

async fn keeps_the_calendar(world: &World) {
    let mut tx = world.write().await;
    let days = Calendar::read_days("2026-11-11 Veterans Day\n2026-11-25..2026-11-27 Thanksgiving").unwrap();
    calendar::set(&mut tx, &world.operator(), Calendar { days, ..Calendar::default() }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn comes_back(world: &World, address: &str) {
    let mut tx = world.write().await;
    let (uid,): (Uuid,) = on!(tx, |c| sqlx::query_as("SELECT uid FROM mail WHERE address = $1 AND state = 'sent' ORDER BY id LIMIT 1")
        .bind(address)
        .fetch_one(c)
        .await)
    .unwrap();
    let report = format!(
        "Subject: Undelivered\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{uid}@test.example>\r\n--b--\r\n"
    );
    assert!(bounces::keep(&mut tx, &world.operator(), &bounces::read(report.as_bytes()).unwrap()).await.unwrap());
    tx.commit().await.unwrap();
}

story!(a_term_of_mails_is_as_a_recount_by_hand_has_it, |world| {
    let Some(server) = MailServer::start() else { return };
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    keeps_the_calendar(world).await;
    let lea = world.school_leader(&harbor, "Lea Leader").await;
    reachable(world, &lea, "lea@staff.example", "en").await;
    let mut students = Vec::new();
    for number in 0..24 {
        let school = if number % 3 == 0 { &hill } else { &harbor };
        let student = world.student(school, &format!("Kid{number:02} Young"), "05").await;
        let (address, language) = match number {
            5 | 13 => (String::new(), "en"),
            21 => ("gone-away@students.example".to_owned(), "en"),
            22 => ("full@students.example".to_owned(), "es"),
            _ => (format!("kid{number:02}@students.example"), if number % 4 == 1 { "es" } else { "en" }),
        };
        reachable(world, &student, &address, language).await;
        students.push((student, school.name.clone(), address, language));
    }
    let mut guardians = Vec::new();
    for number in 0..12 {
        let children = [&students[2 * number].0, &students[2 * number + 1].0];
        let guardian = world.guardian(&format!("Gia{number:02} Archer"), &children).await;
        let (address, language) = match number {
            4 | 9 => (String::new(), "es"),
            // One address of a household of two.
            2 | 3 => ("household@families.example".to_owned(), "en"),
            _ => (format!("gia{number:02}@families.example"), if number % 2 == 0 { "es" } else { "en" }),
        };
        reachable(world, &guardian, &address, language).await;
        guardians.push((guardian, address, language));
    }

    // Who answers when.
    let mut term = Term { known: Vec::new(), events: Vec::new() };
    let own = [Some("2026-10-19 11"), Some("2026-10-26 15"), Some("2026-11-06 06"), Some("2026-11-13 20"), Some("2026-11-24 16"), None];
    let for_children = [Some("2026-11-01 18"), Some("2026-11-05 09"), Some("2026-11-24 06"), Some("2026-12-02 17"), None];
    let (students_asked, families_asked) = (when("2026-10-19 10"), when("2026-10-31 09"));
    let (students_last, families_last) = (day("2026-11-13"), day("2026-11-30"));
    world.clock.set(moment(students_asked));
    let use_uid = issued(world, NewRequirement { title: "Responsible use".into(), due: Some(students_last), ..for_students() }).await;
    for (number, (student, school, address, language)) in students.iter().enumerate() {
        let over = own[number % own.len()].map(when);
        if let Some(over) = over {
            term.events.push((over, Event::Answers { requirement: use_uid, person: student.clone(), about: student.clone() }));
        }
        term.known.push(Known {
            address: address.clone(),
            name: format!("Kid{number:02}"),
            language,
            line: "Responsible use".into(),
            school: school.clone(),
            asked: students_asked,
            last: students_last,
            over,
        });
    }
    for (number, (guardian, address, language)) in guardians.iter().enumerate() {
        for child in 0..2 {
            let (student, school, ..) = &students[2 * number + child];
            let over = for_children[(number + child) % for_children.len()].map(when);
            if let Some(over) = over {
                // The requirement's uid is not known yet: it is asked at the end of October.
                term.events.push((over, Event::Answers { requirement: Uuid::nil(), person: guardian.clone(), about: student.clone() }));
            }
            let word = if *language == "es" { "para" } else { "for" };
            term.known.push(Known {
                address: address.clone(),
                name: format!("Gia{number:02}"),
                language,
                line: format!("Family agreement, {word} Kid{:02}", 2 * number + child),
                school: school.clone(),
                asked: families_asked,
                last: families_last,
                over,
            });
        }
    }
    // Kid11 never answers, goes to the other school and later leaves the district; its guardian is asked no more then. Kid17 stays silent.
    term.events.extend([
        (when("2026-11-04 10"), Event::Joins),
        (when("2026-11-10 12"), Event::Moves),
        (when("2026-11-20 12"), Event::Leaves),
        (when("2026-11-03 12"), Event::Bounces),
        (when("2026-11-17 15"), Event::Moved("kid05@students.example".into())),
    ]);
    for known in term.known.iter_mut().filter(|known| known.line.ends_with("Kid11") || known.name == "Kid11") {
        known.over = Some(known.over.map_or(when("2026-11-20 12"), |over| over.min(when("2026-11-20 12"))));
    }
    term.events.retain(|(at, event)| match event {
        Event::Answers { about, .. } => about.id != students[11].0.id || *at < when("2026-11-20 12"),
        _ => true,
    });
    term.events.sort_by_key(|(at, _)| moment(*at));

    let mut postman = world.postman(server.port);
    let mut arrived: Arrived = Vec::new();
    let mut to_leader: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    let mut families = None;
    let mut events = term.events.into_iter().peekable();
    let mut date = day(FIRST);
    while date <= day(END) {
        for round in rounds(date) {
            if round < students_asked {
                continue;
            }
            if families.is_none() && round >= families_asked {
                world.clock.set(moment(families_asked));
                let new = NewRequirement {
                    title: "Family agreement".into(),
                    due: Some(families_last),
                    answers_as: AnswersAs::Guardian,
                    ..for_guardians()
                };
                families = Some(issued(world, new).await);
            }
            while let Some((at, event)) = events.next_if(|(at, _)| *at <= round) {
                world.clock.set(moment(at));
                match event {
                    Event::Answers { requirement, person, about } => {
                        let requirement = if requirement.is_nil() { families.unwrap() } else { requirement };
                        closes(world, requirement, &person, &about, Closing::Fulfilled).await;
                    }
                    Event::Moves => world.moves(&students[11].0, &hill).await,
                    Event::Leaves => world.leaves(&students[11].0).await,
                    Event::Joins => {
                        let ned = world.student(&harbor, "Ned New", "05").await;
                        reachable(world, &ned, "ned@students.example", "en").await;
                        world.joined(&ned, &at.0.iso()).await;
                        world.follow(&[&ned]).await;
                    }
                    Event::Bounces => comes_back(world, "gia01@families.example").await,
                    Event::Moved(address) => reachable(world, &students[5].0, &address, "en").await,
                }
            }
            world.clock.set(moment(round));
            let before = server.count();
            postman.round().await.unwrap();
            for mail in server.since(before) {
                if mail.to == ["lea@staff.example"] {
                    to_leader.entry(round.0).or_default().extend(read(round, &mail).3);
                } else {
                    arrived.push(read(round, &mail));
                }
            }
        }
        date = date.plus(1);
    }
    arrived.sort();

    // The recount.
    term.known.push(Known {
        address: "ned@students.example".into(),
        name: "Ned".into(),
        language: "en",
        line: "Responsible use".into(),
        school: harbor.name.clone(),
        asked: when("2026-11-04 10"),
        last: day("2026-11-18"),
        over: None,
    });
    let mut expected: BTreeMap<(When, String, String), Vec<String>> = BTreeMap::new();
    for known in &term.known {
        let mut told = known.told();
        let mut address = known.address.clone();
        if known.name == "Kid05" {
            // Nothing before there was an address; then, the next morning, what was asked.
            told.retain(|at| *at > when("2026-11-18 07"));
            told.push(when("2026-11-18 07"));
            address = "kid05@students.example".into();
        }
        for at in told {
            // The first mail to a full box comes with the round after.
            let at = if address.starts_with("full") && at == when("2026-10-19 13") { when("2026-10-19 18") } else { at };
            if !address.is_empty() && !address.starts_with("gone") && known.is_open(at) {
                expected.entry((at, format!("{address} {}", known.name), known.language.to_owned())).or_default().push(known.line.clone());
            }
        }
    }
    let expected: Arrived = expected
        .into_iter()
        .map(|((at, whom, language), mut lines)| {
            lines.sort();
            (at, whom, language, lines)
        })
        .collect();
    for mail in &arrived {
        assert!(expected.contains(mail), "nobody expected {mail:?}");
    }
    for mail in &expected {
        assert!(arrived.contains(mail), "{mail:?} never came");
    }
    assert_eq!(arrived.len(), expected.len(), "none came twice");
    assert!(arrived.len() > 100, "{} mails are a term", arrived.len());

    // The leader of Harbor: on the first school day of each week, who of the school has been late for a week or longer.
    let late = |known: &&Known, monday: Day| {
        known.school == harbor.name
            && known.name != "Kid11"
            && !known.line.ends_with("Kid11")
            && known.last.plus(7) <= monday
            && known.is_open((monday, 7))
    };
    let mut lists = BTreeMap::new();
    for monday in ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"].map(day) {
        let mut lines = Vec::new();
        for title in ["Family agreement", "Responsible use"] {
            let number = term.known.iter().filter(|known| known.line.starts_with(title)).filter(|known| late(known, monday)).count();
            if number > 0 {
                let people = if number == 1 { "1 person".to_owned() } else { format!("{number} people") };
                lines.push(format!("{title}: {people} at Harbor Elementary more than 7 days late"));
            }
        }
        lists.insert(monday, lines);
    }
    assert_eq!(to_leader, lists);

    // Whom nothing reached, and their letters.
    let mut tx = world.read().await;
    let operator = world.operator();
    let counts = never_told::counts(&mut tx, &operator, &world.district).await.unwrap();
    let list = never_told::list(&mut tx, &operator, &world.district, &counts, Filter::default(), Page::number(None)).await.unwrap();
    let listed: Vec<(&str, Why, i64)> = list.rows.iter().map(|row| (row.name.as_str(), row.why, row.duties)).collect();
    let open = |name: &str, school: &str| {
        let at = (day(END), 18);
        i64::try_from(term.known.iter().filter(|k| k.name == name && k.school == school && k.is_open(at)).count()).unwrap()
    };
    let mut without: Vec<(String, Why, i64)> = Vec::new();
    for school in [&harbor.name, &hill.name] {
        for (name, full, why) in [
            ("Kid13", "Kid13 Young", Why::NoAddress),
            ("Kid21", "Kid21 Young", Why::Refused),
            ("Gia01", "Gia01 Archer", Why::Bounced),
            ("Gia04", "Gia04 Archer", Why::NoAddress),
            ("Gia09", "Gia09 Archer", Why::NoAddress),
        ] {
            if open(name, school) > 0 {
                without.push((full.to_owned(), why, open(name, school)));
            }
        }
    }
    let mut sorted: Vec<(String, Why, i64)> = listed.iter().map(|(name, why, duties)| ((*name).to_owned(), *why, *duties)).collect();
    sorted.sort_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    without.sort_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    assert_eq!(sorted, without);
    let prepared = letters::prepare(&mut tx, &operator, &world.district, &Wanted::School(harbor.uid), None).await.unwrap();
    drop(tx);
    let of_harbor = list.rows.iter().filter(|row| row.school == harbor.name).count();
    assert_eq!(prepared.letters.len(), of_harbor);
    assert!(of_harbor > 0);
});
