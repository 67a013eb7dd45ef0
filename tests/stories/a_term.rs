//! A term of two schools with a mail server of somebody else's: who gets which mail at which hour of which day, against a recount that knows only
//! who was asked what, when each answered, and the school calendar on the wall.

use std::collections::BTreeMap;

use assent::kernel::{Day, Moment, Page};
use assent::notices::bounces;
use assent::notices::letters::{self, Wanted};
use assent::notices::never_told::{self, Filter, Why};
use assent::obligations::Closing;
use assent::obligations::requirements::NewRequirement;
use assent::on;
use assent::roster::{Calendar, calendar};
use uuid::Uuid;

use crate::notices::reachable;
use crate::obligations::{closes, for_guardians, for_students, issued};
use crate::world::mail::{Mail, MailServer};
use crate::world::people::{Person, School};
use crate::world::{World, day};

const FIRST: &str = "2026-10-19";
const END: &str = "2026-12-18";
const STUDENTS_ASKED: &str = "2026-10-19 10";
const STUDENTS_LAST: &str = "2026-11-13";
const FAMILIES_ASKED: &str = "2026-10-31 09";
const FAMILIES_LAST: &str = "2026-11-30";
/// When students answer for themselves, one after the other, and guardians for their children.
const OWN: [Option<&str>; 6] =
    [Some("2026-10-19 11"), Some("2026-10-26 15"), Some("2026-11-06 06"), Some("2026-11-13 20"), Some("2026-11-24 16"), None];
const FOR_CHILDREN: [Option<&str>; 5] = [Some("2026-11-01 18"), Some("2026-11-05 09"), Some("2026-11-24 06"), Some("2026-12-02 17"), None];
const LEADER: &str = "lea@staff.example";
/// An address that comes late in the term.
const LATER: &str = "kid05@students.example";
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
    /// `None`: what families are asked at the end of October.
    Answers {
        requirement: Option<Uuid>,
        person: Person,
        about: Person,
    },
    Moves,
    Leaves,
    Joins,
    Bounces,
    GetsAnAddress,
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

/// Who is there.
struct Cast {
    harbor: School,
    hill: School,
    /// Whom, of which school, at which address, in which language.
    students: Vec<(Person, String, String, &'static str)>,
    guardians: Vec<(Person, String, &'static str)>,
}

async fn cast(world: &World) -> Cast {
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let lea = world.school_leader(&harbor, "Lea Leader").await;
    reachable(world, &lea, LEADER, "en").await;
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
    Cast { harbor, hill, students, guardians }
}

/// What everybody is asked and when each answers; and whatever else happens, in order.
fn script(cast: &Cast, own: Uuid) -> (Vec<Known>, Vec<(When, Event)>) {
    let (mut known, mut events) = (Vec::new(), Vec::new());
    for (number, (student, school, address, language)) in cast.students.iter().enumerate() {
        let over = OWN[number % OWN.len()].map(when);
        if let Some(over) = over {
            events.push((over, Event::Answers { requirement: Some(own), person: student.clone(), about: student.clone() }));
        }
        known.push(Known {
            address: address.clone(),
            name: format!("Kid{number:02}"),
            language,
            line: "Responsible use".into(),
            school: school.clone(),
            asked: when(STUDENTS_ASKED),
            last: day(STUDENTS_LAST),
            over,
        });
    }
    for (number, (guardian, address, language)) in cast.guardians.iter().enumerate() {
        for child in 0..2 {
            let (student, school, ..) = &cast.students[2 * number + child];
            let over = FOR_CHILDREN[(number + child) % FOR_CHILDREN.len()].map(when);
            if let Some(over) = over {
                events.push((over, Event::Answers { requirement: None, person: guardian.clone(), about: student.clone() }));
            }
            let word = if *language == "es" { "para" } else { "for" };
            known.push(Known {
                address: address.clone(),
                name: format!("Gia{number:02}"),
                language,
                line: format!("Family agreement, {word} Kid{:02}", 2 * number + child),
                school: school.clone(),
                asked: when(FAMILIES_ASKED),
                last: day(FAMILIES_LAST),
                over,
            });
        }
    }
    known.push(Known {
        address: "ned@students.example".into(),
        name: "Ned".into(),
        language: "en",
        line: "Responsible use".into(),
        school: cast.harbor.name.clone(),
        asked: when("2026-11-04 10"),
        last: day("2026-11-18"),
        over: None,
    });
    // Kid11 goes to the other school and then leaves the district: nobody is asked about it any more.
    let left = when("2026-11-20 12");
    for known in known.iter_mut().filter(|known| known.line.ends_with("Kid11") || known.name == "Kid11") {
        known.over = Some(known.over.map_or(left, |over| over.min(left)));
    }
    events.retain(|(at, event)| match event {
        Event::Answers { about, .. } => about.id != cast.students[11].0.id || *at < left,
        _ => true,
    });
    events.extend([
        (when("2026-11-03 12"), Event::Bounces),
        (when("2026-11-04 10"), Event::Joins),
        (when("2026-11-10 12"), Event::Moves),
        (when("2026-11-17 15"), Event::GetsAnAddress),
        (left, Event::Leaves),
    ]);
    events.sort_by_key(|(at, _)| moment(*at));
    (known, events)
}

async fn happens(world: &World, cast: &Cast, at: When, event: Event, families: Option<Uuid>) {
    world.clock.set(moment(at));
    match event {
        Event::Answers { requirement, person, about } => {
            closes(world, requirement.or(families).unwrap(), &person, &about, Closing::Fulfilled).await;
        }
        Event::Moves => world.moves(&cast.students[11].0, &cast.hill).await,
        Event::Leaves => world.leaves(&cast.students[11].0).await,
        Event::Joins => {
            let ned = world.student(&cast.harbor, "Ned New", "05").await;
            reachable(world, &ned, "ned@students.example", "en").await;
            world.joined(&ned, &at.0.iso()).await;
            world.follow(&[&ned]).await;
        }
        Event::Bounces => comes_back(world, "gia01@families.example").await,
        Event::GetsAnAddress => reachable(world, &cast.students[5].0, LATER, "en").await,
    }
}

/// The term goes by; what arrived, and what the school leader got on which day.
async fn goes_by(world: &World, server: &MailServer, cast: &Cast, events: Vec<(When, Event)>) -> (Arrived, BTreeMap<Day, Vec<String>>) {
    let mut postman = world.postman(server.port);
    let (mut arrived, mut to_leader): (Arrived, BTreeMap<Day, Vec<String>>) = Default::default();
    let mut families = None;
    let mut events = events.into_iter().peekable();
    let days = (0..=day(FIRST).until(day(END))).map(|n| day(FIRST).plus(n));
    for round in days.flat_map(rounds).filter(|round| *round >= when(STUDENTS_ASKED)) {
        if families.is_none() && round >= when(FAMILIES_ASKED) {
            world.clock.set(moment(when(FAMILIES_ASKED)));
            families = Some(issued(world, NewRequirement { due: Some(day(FAMILIES_LAST)), ..for_guardians() }).await);
        }
        while let Some((at, event)) = events.next_if(|(at, _)| *at <= round) {
            happens(world, cast, at, event, families).await;
        }
        world.clock.set(moment(round));
        let before = server.count();
        postman.round().await.unwrap();
        for mail in server.since(before) {
            if mail.to == [LEADER] {
                to_leader.entry(round.0).or_default().extend(read(round, &mail).3);
            } else {
                arrived.push(read(round, &mail));
            }
        }
    }
    arrived.sort();
    (arrived, to_leader)
}

fn recount(known: &[Known]) -> Arrived {
    let mut expected: BTreeMap<(When, String, String), Vec<String>> = BTreeMap::new();
    for known in known {
        let mut told = known.told();
        let mut address = known.address.as_str();
        if known.name == "Kid05" {
            // Nothing before there was an address; then, the next morning, what was asked.
            told.retain(|at| *at > when("2026-11-18 07"));
            told.push(when("2026-11-18 07"));
            address = LATER;
        }
        for at in told {
            // The first mail to a full box comes with the round after.
            let at = if address.starts_with("full") && at == when("2026-10-19 13") { when("2026-10-19 18") } else { at };
            if !address.is_empty() && !address.starts_with("gone") && known.is_open(at) {
                expected.entry((at, format!("{address} {}", known.name), known.language.to_owned())).or_default().push(known.line.clone());
            }
        }
    }
    let sorted = |((at, whom, language), mut lines): (_, Vec<String>)| {
        lines.sort();
        (at, whom, language, lines)
    };
    expected.into_iter().map(sorted).collect()
}

/// On the first school day of each week, who of that school has been late for a week or longer.
fn lists(known: &[Known], school: &str) -> BTreeMap<Day, Vec<String>> {
    let late = |known: &&Known, monday: Day| known.school == school && known.last.plus(7) <= monday && known.is_open((monday, 7));
    let mut lists = BTreeMap::new();
    for monday in ["2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14"].map(day) {
        let mut lines = Vec::new();
        for title in ["Family agreement", "Responsible use"] {
            let number = known.iter().filter(|known| known.line.starts_with(title)).filter(|known| late(known, monday)).count();
            if number > 0 {
                let people = if number == 1 { "1 person".to_owned() } else { format!("{number} people") };
                lines.push(format!("{title}: {people} at {school} more than 7 days late"));
            }
        }
        lists.insert(monday, lines);
    }
    lists
}

/// Whom nothing reached though something is open, by school: name, why, how many things.
fn unreached(known: &[Known], schools: [&str; 2]) -> Vec<(String, Why, i64)> {
    let mut without = Vec::new();
    for school in schools {
        for (name, family, why) in [
            ("Kid13", "Young", Why::NoAddress),
            ("Kid21", "Young", Why::Refused),
            ("Gia01", "Archer", Why::Bounced),
            ("Gia04", "Archer", Why::NoAddress),
            ("Gia09", "Archer", Why::NoAddress),
        ] {
            let open = known.iter().filter(|k| k.name == name && k.school == school && k.is_open((day(END), 18))).count();
            if open > 0 {
                without.push((format!("{name} {family}"), why, i64::try_from(open).unwrap()));
            }
        }
    }
    without.sort_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    without
}

story!(a_term_of_mails_is_as_a_recount_by_hand_has_it, |world| {
    let Some(server) = MailServer::start() else { return };
    let cast = cast(world).await;
    keeps_the_calendar(world).await;
    world.clock.set(moment(when(STUDENTS_ASKED)));
    let new = NewRequirement { title: "Responsible use".into(), due: Some(day(STUDENTS_LAST)), ..for_students() };
    let (known, events) = script(&cast, issued(world, new).await);
    let (arrived, to_leader) = goes_by(world, &server, &cast, events).await;

    let expected = recount(&known);
    for mail in &arrived {
        assert!(expected.contains(mail), "nobody expected {mail:?}");
    }
    for mail in &expected {
        assert!(arrived.contains(mail), "{mail:?} never came");
    }
    assert_eq!(arrived.len(), expected.len(), "none came twice");
    assert!(arrived.len() > 100, "{} mails are a term", arrived.len());
    assert_eq!(to_leader, lists(&known, &cast.harbor.name));

    // Whom nothing reached, and their letters.
    let mut tx = world.read().await;
    let operator = world.operator();
    let counts = never_told::counts(&mut tx, &operator, &world.district).await.unwrap();
    let list = never_told::list(&mut tx, &operator, &world.district, &counts, Filter::default(), Page::number(None)).await.unwrap();
    let mut listed: Vec<(String, Why, i64)> = list.rows.iter().map(|row| (row.name.clone(), row.why, row.duties)).collect();
    listed.sort_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    assert_eq!(listed, unreached(&known, [&cast.harbor.name, &cast.hill.name]));
    let prepared = letters::prepare(&mut tx, &operator, &world.district, &Wanted::School(cast.harbor.uid), None).await.unwrap();
    let of_harbor = list.rows.iter().filter(|row| row.school == cast.harbor.name).count();
    assert!(of_harbor > 0 && prepared.letters.len() == of_harbor, "{of_harbor}");
});
