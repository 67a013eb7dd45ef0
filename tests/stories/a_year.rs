//! A district of 65,000 through a school year: it starts, students transfer, staff and students come and go and return, an export breaks
//! off, a term rolls over, the year ends. After each step every figure is held against a recount that knows only the school's own system
//! and the answers given; and every earlier day's figure is still what it was.

use std::collections::{BTreeMap, BTreeSet};

use assent::kernel::{Day, PersonId, Problem};
use assent::obligations::figures::{self, By, Counts};
use assent::obligations::requirements::{self, NewRequirement, Subject, Window};
use assent::obligations::{self, AnswersAs, Cause, CauseKind, Closing, duties, verify};
use assent::on;
use assent::roster::audience::Rule;
use assent::roster::oneroster::{self, ImportReport, Wish};
use uuid::Uuid;

use crate::world::school_system::{Export, GRADES, SchoolSystem};
use crate::world::{World, day};

const PEOPLE: u32 = 65_000;
const SCHOOLS: usize = 66;
const JOIN_DAYS: i64 = 14;

/// Who is asked by a requirement, as the recount sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Students,
    Staff,
    /// The guardians of whoever is in kindergarten to grade 5.
    Families,
}

/// A requirement, as the recount remembers it: the last day of everybody asked (who answers, about whom), and the answers.
struct Asked {
    uid: Uuid,
    audience: Audience,
    issued: Day,
    due: Day,
    /// Since when each duty is asked without a break, and its last day.
    last_day: BTreeMap<(u32, u32), Day>,
    answers: BTreeMap<(u32, u32), bool>,
}

impl Asked {
    fn names(&self, system: &SchoolSystem) -> BTreeSet<(u32, u32)> {
        let oneself = |n: &u32| (*n, *n);
        match self.audience {
            Audience::Students => system.numbers("student").iter().map(oneself).collect(),
            Audience::Staff => system.numbers("teacher").iter().chain(&system.numbers("administrator")).map(oneself).collect(),
            Audience::Families => {
                let young = |child: &u32| system.people.get(child).is_some_and(|p| p.grade.is_some_and(|g| g <= 5));
                system
                    .guardians()
                    .iter()
                    .filter(|(child, _)| young(child))
                    .flat_map(|(child, all)| all.iter().map(|g| (*g, *child)))
                    .collect()
            }
        }
    }

    /// The duties follow the school's system on that day.
    fn follow(&mut self, system: &SchoolSystem, today: Day) {
        let named = self.names(system);
        self.last_day.retain(|key, _| named.contains(key));
        for key in named {
            let from = if today > self.issued { today.plus(JOIN_DAYS) } else { self.due };
            self.last_day.entry(key).or_insert(if today > self.issued { self.due.max(from) } else { self.due });
        }
    }

    /// By school, at the end of that day.
    fn recount(&self, system: &SchoolSystem, today: Day) -> BTreeMap<String, Counts> {
        let mut counted = BTreeMap::<String, Counts>::new();
        let agreed_for: BTreeSet<u32> = self.answers.iter().filter(|(_, yes)| **yes).map(|((_, child), _)| *child).collect();
        for (key, last_day) in &self.last_day {
            let school = SchoolSystem::school_name(system.people[&key.1].school.unwrap());
            let counts = counted.entry(school).or_default();
            match self.answers.get(key) {
                Some(true) => counts.fulfilled += 1,
                Some(false) => counts.declined += 1,
                None if self.audience == Audience::Families && agreed_for.contains(&key.1) => counts.exempt += 1,
                None => {
                    counts.open += 1;
                    counts.late += i64::from(*last_day < today);
                }
            }
        }
        counted
    }
}

struct Year<'a> {
    world: &'a World,
    system: SchoolSystem,
    asked: Vec<Asked>,
    /// What each requirement's figures were at the end of each day that was looked at.
    seen: Vec<(Uuid, Day, BTreeMap<String, Counts>)>,
    folder: tempfile::TempDir,
    exports: u32,
}

impl Year<'_> {
    fn today(&self) -> Day {
        self.world.district.today(self.world.clock.now())
    }

    async fn figures(&self, requirement: Uuid, on: Day) -> BTreeMap<String, Counts> {
        let lines = figures::lines(&mut self.world.read().await, &self.world.operator(), requirement, on, By::School).await.unwrap();
        lines.into_iter().filter(|l| l.counts != Counts::default()).map(|l| (l.label, l.counts)).collect()
    }

    async fn import(&mut self, export: &Export, wish: Wish) -> Result<ImportReport, Problem> {
        self.exports += 1;
        let path = self.folder.path().join(format!("export-{}.zip", self.exports));
        self.system.export(&path, export);
        let mut tx = self.world.write().await;
        let operator = self.world.operator();
        let (report, changes) = oneroster::import(&mut tx, &operator, &self.world.district, &path, wish).await?;
        let cause = Cause::of(CauseKind::Import, report.uid.unwrap_or_default());
        obligations::follow(&mut tx, &operator, &self.world.district, changes, cause).await?;
        tx.commit().await.unwrap();
        Ok(report)
    }

    /// The school's system as it is now comes in, and duties follow; the recount does the same by itself.
    async fn comes_in(&mut self, export: &Export, wish: Wish) -> ImportReport {
        let report = self.import(export, wish).await.unwrap();
        assert_eq!(report.errors, 0, "{:?}", report.findings.first());
        self.recounts_follow();
        report
    }

    fn recounts_follow(&mut self) {
        let today = self.today();
        for asked in &mut self.asked {
            asked.follow(&self.system, today);
        }
    }

    async fn requires(&mut self, title: &str, audience: Audience, due: &str, version: i64) {
        let role = |roles: &[&str]| Rule::Role(roles.iter().map(|r| (*r).to_owned()).collect());
        let young = ["KG", "01", "02", "03", "04", "05"].map(str::to_owned).to_vec();
        let new = NewRequirement {
            title: title.into(),
            subject: Subject::Policy { version, root: version },
            answers_as: if audience == Audience::Families { AnswersAs::Guardian } else { AnswersAs::Oneself },
            audience: match audience {
                Audience::Students => role(&["student"]),
                Audience::Staff => Rule::AllStaff,
                Audience::Families => Rule::All(vec![role(&["student"]), Rule::Grade(young)]),
            },
            due: Some(day(due)),
            join_days: JOIN_DAYS,
            goal: 95,
            minutes: 5,
            window: Window { yearly: audience == Audience::Students, ..Window::default() },
        };
        let mut tx = self.world.write().await;
        let uid = requirements::save(&mut tx, &self.world.operator(), &self.world.district, new).await.unwrap().uid;
        requirements::issue(&mut tx, &self.world.operator(), &self.world.district, uid).await.unwrap();
        tx.commit().await.unwrap();
        self.knows(uid, audience, self.today(), day(due));
    }

    fn knows(&mut self, uid: Uuid, audience: Audience, issued: Day, due: Day) {
        let mut asked = Asked { uid, audience, issued, due, last_day: BTreeMap::new(), answers: BTreeMap::new() };
        asked.follow(&self.system, issued);
        self.asked.push(asked);
    }

    /// Every so manieth of those who haven't answered does; one in ten says no.
    async fn answer(&mut self, which: usize, every: usize) {
        let asked = &mut self.asked[which];
        let mut answering: Vec<(u32, u32)> = Vec::new();
        let mut done: BTreeSet<u32> = asked.answers.iter().filter(|(_, yes)| **yes).map(|((_, child), _)| *child).collect();
        for key in asked.last_day.keys().filter(|key| !asked.answers.contains_key(key)).step_by(every) {
            // After one guardian's yes the others aren't asked.
            if done.insert(key.1) {
                answering.push(*key);
            }
        }
        let mut tx = self.world.write().await;
        for (n, key) in answering.into_iter().enumerate() {
            let yes = n % 10 != 9;
            let id = on!(tx, |c| sqlx::query_scalar(
                "SELECT o.id FROM obligation o JOIN requirement r ON r.id = o.requirement_id
                 JOIN person p ON p.id = o.person_id JOIN person a ON a.id = o.about_id
                 WHERE r.uid = $1 AND p.username = $2 AND a.username = $3 AND o.ended IS NULL"
            )
            .bind(asked.uid)
            .bind(format!("u{}", key.0))
            .bind(format!("u{}", key.1))
            .fetch_one(c)
            .await)
            .unwrap();
            duties::close(&mut tx, &self.world.district, id, if yes { Closing::Fulfilled } else { Closing::Declined }).await.unwrap();
            if yes && asked.audience == Audience::Families {
                duties::one_guardian_is_enough(&mut tx, &self.world.district, &[id]).await.unwrap();
            }
            asked.answers.insert(key, yes);
        }
        tx.commit().await.unwrap();
    }

    /// Every figure is what the recount says; the ledger agrees with the duties; past days are what they were.
    async fn all_is_right(&mut self, after: &str) {
        let today = self.today();
        assert_eq!(verify::ledger(&mut self.world.read().await).await.unwrap(), [], "{after}");
        for asked in &self.asked {
            let found = self.figures(asked.uid, today).await;
            assert_eq!(found, asked.recount(&self.system, today), "{after}: {:?} on {today}", asked.audience);
        }
        // What happens on a day still changes that day's figure.
        for (uid, on, before) in self.seen.iter().filter(|(_, on, _)| *on < today) {
            assert_eq!(self.figures(*uid, *on).await, *before, "{after}: the figure of {on} has changed");
        }
        for asked in &self.asked {
            let figures = asked.recount(&self.system, today);
            self.seen.retain(|(uid, on, _)| !(*uid == asked.uid && *on == today));
            self.seen.push((asked.uid, today, figures));
        }
    }
}

story!(a_district_of_65000_goes_through_a_year_and_every_figure_agrees_with_a_recount, |world| {
    let mut year = Year {
        world,
        system: SchoolSystem::of(PEOPLE, SCHOOLS),
        asked: Vec::new(),
        seen: Vec::new(),
        folder: tempfile::tempdir().unwrap(),
        exports: 0,
    };
    assert_eq!(year.system.people.len(), PEOPLE as usize);

    // The year starts.
    let report = year.comes_in(&Export::default(), Wish::default()).await;
    assert_eq!((report.of("users").added, report.of("orgs").read), (u64::from(PEOPLE), SCHOOLS as u64 + 1));
    year.requires("Agreement, 2026–27", Audience::Students, "2026-09-15", 1).await;
    year.requires("Staff agreement", Audience::Staff, "2026-08-31", 2).await;
    year.requires("Family form", Audience::Families, "2026-09-30", 3).await;
    let mut tx = world.write().await;
    obligations::day_begins(&mut tx, &world.district).await.unwrap();
    tx.commit().await.unwrap();
    year.all_is_right("the start").await;
    for (which, every) in [(0, 90), (1, 12), (2, 30)] {
        year.answer(which, every).await;
    }
    year.all_is_right("the first answers").await;

    // Students transfer, with and without an answer; the same file again changes nothing.
    world.go_to("2026-09-21");
    for number in year.system.numbers("student").into_iter().step_by(75) {
        let person = year.system.people.get_mut(&number).unwrap();
        person.school = Some((person.school.unwrap() + 7) % SCHOOLS);
    }
    year.comes_in(&Export::default(), Wish::default()).await;
    year.all_is_right("transfers").await;
    let again = year.comes_in(&Export::default(), Wish::default()).await;
    assert!(again.counts.values().all(|c| c.moved() == 0), "{:?}", again.counts);
    year.all_is_right("the same file").await;

    // New staff and students come as changes of one night, and some students leave by them.
    world.go_to("2026-10-05");
    let mut touched: BTreeSet<u32> = (0..120).map(|n| year.system.hire(n % SCHOOLS, "teacher")).collect();
    touched.extend((0..80).map(|n| year.system.enrol(n % SCHOOLS, u32::try_from(n).unwrap() % GRADES)));
    for number in year.system.numbers("student").into_iter().step_by(400) {
        touched.insert(number);
        year.system.people.remove(&number);
    }
    year.comes_in(&Export { only: Some(touched), ..Export::default() }, Wish::default()).await;
    year.all_is_right("new staff").await;

    // Leavers, who are in the export no more; some of them return later.
    world.go_to("2026-11-02");
    let leaving: Vec<u32> = year.system.numbers("student").into_iter().skip(3).step_by(50).collect();
    let gone: Vec<(u32, _)> = leaving.iter().map(|n| (*n, year.system.people.remove(n).unwrap())).collect();
    year.comes_in(&Export::default(), Wish::default()).await;
    year.all_is_right("leavers").await;
    world.go_to("2026-11-16");
    year.system.people.extend(gone.into_iter().step_by(3));
    let back = year.comes_in(&Export::default(), Wish::default()).await;
    assert!(back.of("users").returned > 200, "{:?}", back.of("users"));
    year.all_is_right("returners").await;

    // An export that breaks off would delete half a school: it is held, and nothing changes.
    world.go_to("2026-12-07");
    let held = year.import(&Export { half_lost: Some(4), ..Export::default() }, Wish::default()).await;
    assert!(matches!(held, Err(Problem::Conflict(_))), "{held:?}");
    year.all_is_right("the export that broke off").await;

    // The term rolls over: all classes are new. That is held too, and released by a person who sees what leaves.
    world.go_to("2027-01-11");
    year.system.term = 2;
    let held = year.import(&Export::default(), Wish::default()).await;
    assert!(matches!(held, Err(Problem::Conflict(_))), "{held:?}");
    year.all_is_right("the held roll-over").await;
    year.comes_in(&Export::default(), Wish { allow_leaving: true, ..Wish::default() }).await;
    year.answer(0, 70).await;
    year.answer(2, 25).await;
    year.all_is_right("the term").await;

    // The year ends: what is yearly is asked anew, then the new year's roster comes: the eldest are gone, everybody is a grade on.
    world.go_to("2027-08-01");
    let mut tx = world.write().await;
    let brought = obligations::day_begins(&mut tx, &world.district).await.unwrap();
    tx.commit().await.unwrap();
    let [(renewed, _)] = brought.renewed.as_slice() else { panic!("one requirement is yearly") };
    assert_eq!((renewed.title.as_str(), renewed.due), ("Agreement, 2027–28", Some(day("2027-09-15"))));
    // Of the old year's, the answers stay and count on; the open duties have ended.
    let old = &mut year.asked[0];
    old.last_day.retain(|key, _| old.answers.contains_key(key));
    year.all_is_right("the year's end").await;
    year.asked.remove(0);
    year.knows(renewed.uid, Audience::Students, day("2027-08-01"), day("2027-09-15"));
    year.all_is_right("the new year").await;
    world.go_to("2027-08-09");
    year.system.year = 2028;
    year.system.term = 1;
    year.system.people.retain(|_, p| p.grade != Some(GRADES - 1));
    for person in year.system.people.values_mut() {
        person.grade = person.grade.map(|g| g + 1);
    }
    for n in 0..3_000 {
        year.system.enrol(n % SCHOOLS, 0);
    }
    year.comes_in(&Export::default(), Wish { allow_leaving: true, ..Wish::default() }).await;
    year.answer(2, 40).await;
    year.all_is_right("the new year's roster").await;

    let mut tx = world.read().await;
    let people: Vec<PersonId> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM person WHERE left_day IS NULL").fetch_all(c).await).unwrap();
    assert_eq!(people.len(), year.system.people.len());
});
