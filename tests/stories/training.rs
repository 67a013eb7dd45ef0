//! Courses: taken and published, learned with leaving and coming back, checked by file and line.

use std::collections::BTreeMap;
use std::path::Path;

use assent::db::Tx;
use assent::kernel::{AccountId, Actor, PersonId, Problem, Reach, Role, Severity};
use assent::on;
use assent::training::attempts::{self, Attempt, Completion, Step};
use assent::training::certificates;
use assent::training::content::Kind;
use assent::training::figures::{self, Share};
use assent::training::statistics::{self, Warning};
use assent::training::{self, Change, Content, Version, library};

use crate::world::{World, day};

const SLUG: &str = "netiquette-6-8";

async fn student(tx: &mut Tx, given: &str) -> Actor {
    let uid = tx.uid();
    let id: i64 = on!(tx, |c| {
        sqlx::query_scalar(
        "INSERT INTO person (uid, given, family, language, role, joined) VALUES ($1, $2, 'Learner', 'en', 'student', 20000) RETURNING id"
    )
    .bind(uid)
    .bind(given)
    .fetch_one(c)
    .await
    })
    .unwrap();
    let person = Some(PersonId(id));
    Actor { account: AccountId(100 + id), person, name: given.into(), roles: vec![Role::Student], reach: Reach::Own, by_link: false }
}

async fn published(tx: &mut Tx, world: &World) -> Version {
    training::take_from_library(tx, &world.operator(), SLUG).await.unwrap();
    training::publish(tx, &world.operator(), SLUG).await.unwrap().version
}

async fn start(tx: &mut Tx, learner: &Actor, version: &Version) -> Attempt {
    training::start_or_resume(tx, learner, learner.person.unwrap(), version.id, "en").await.unwrap()
}

/// The places of the right choices, or of one wrong choice, of the question as this attempt shows it.
fn choose(content: &Content, asked: &attempts::Asked, well: bool) -> Vec<usize> {
    let key = content.texts["en"].questions.iter().find(|q| q.id == asked.id).unwrap();
    let right = |text: &str| key.choices.iter().any(|c| c.text == text && c.right);
    let places = (1..).zip(&asked.choices).filter(|(_, text)| right(text) == well).map(|(place, _)| place);
    if well { places.collect() } else { places.take(1).collect() }
}

/// Answers every question that is open, the first `wrong` of them wrong, and finishes.
async fn go_through(tx: &mut Tx, learner: &Actor, version: &Version, attempt: &Attempt, wrong: usize) -> attempts::Finished {
    let content = library::find(&version.slug).unwrap();
    for n in 1..=content.texts["en"].questions.len() {
        let asked = training::question(tx, learner, attempt.uid, n).await.unwrap();
        if asked.answered.is_none() {
            let choices = choose(&content, &asked, n > wrong);
            let graded = training::answer(tx, learner, attempt.uid, &asked.id, &choices).await.unwrap();
            assert_eq!(graded.right, n > wrong);
        }
    }
    training::finish(tx, learner, attempt.uid).await.unwrap()
}

story!(a_course_is_left_and_resumed_where_it_was, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let me = ana.person.unwrap();
    let fresh = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!((fresh.lessons_done, fresh.answered, fresh.next), (0, 0, Step::Start));
    assert_eq!(fresh.minutes_left, version.minutes);

    let attempt = start(&mut tx, &ana, &version).await;
    for n in 1..=2 {
        training::read_lesson(&mut tx, &ana, attempt.uid, n).await.unwrap();
    }
    tx.commit().await.unwrap();

    world.go_to("2026-08-19");
    let mut tx = world.write().await;
    let elsewhere = start(&mut tx, &ana, &version).await;
    assert_eq!(elsewhere.uid, attempt.uid);
    let progress = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!((progress.lessons_done, progress.lessons, progress.next), (2, 4, Step::Lesson(3)));
    assert!(progress.minutes_left < fresh.minutes_left);

    for n in 3..=4 {
        assert!(training::read_lesson(&mut tx, &ana, attempt.uid, n).await.unwrap().done);
    }
    let asked = training::question(&mut tx, &ana, attempt.uid, 1).await.unwrap();
    training::answer(&mut tx, &ana, attempt.uid, &asked.id, &[1]).await.unwrap();
    let progress = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!((progress.answered, progress.questions, progress.next), (1, 8, Step::Question(2)));
    let early = training::finish(&mut tx, &ana, attempt.uid).await.unwrap_err();
    assert_eq!(early.to_string(), "1 of 8 questions are answered: answer the others first");
});

story!(a_wrong_answer_teaches_and_stands, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &version).await;
    let content = library::find(SLUG).unwrap();
    let mut several_seen = false;
    for n in 1..=8 {
        let asked = training::question(&mut tx, &ana, attempt.uid, n).await.unwrap();
        let wrong = choose(&content, &asked, false);
        let graded = training::answer(&mut tx, &ana, attempt.uid, &asked.id, &wrong).await.unwrap();
        let key = content.texts["en"].questions.iter().find(|q| q.id == asked.id).unwrap();
        let told = key.choices.iter().find(|c| c.text == graded.chosen[0].text).unwrap();
        assert!(!graded.right && graded.missed > 0);
        assert_eq!((graded.chosen[0].place, &graded.chosen[0].feedback), (wrong[0], &told.feedback));

        let again = training::answer(&mut tx, &ana, attempt.uid, &asked.id, &choose(&content, &asked, true)).await;
        assert!(matches!(again, Err(Problem::Conflict(_))), "{again:?}");
        let shown = training::question(&mut tx, &ana, attempt.uid, n).await.unwrap();
        assert_eq!(shown.answered, Some(graded));
        several_seen |= asked.kind == Kind::Several;
    }
    assert!(several_seen);
});

story!(an_answer_names_choices_that_there_are, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &version).await;
    let mut tried = 0;
    for n in 1..=8 {
        let asked = training::question(&mut tx, &ana, attempt.uid, n).await.unwrap();
        for choices in [vec![], vec![0], vec![9]] {
            let refused = training::answer(&mut tx, &ana, attempt.uid, &asked.id, &choices).await;
            assert!(matches!(refused, Err(Problem::Invalid(_))), "{choices:?}: {refused:?}");
        }
        if asked.kind == Kind::One {
            let refused = training::answer(&mut tx, &ana, attempt.uid, &asked.id, &[1, 2]).await.unwrap_err();
            assert!(refused.to_string().contains("choose one answer"));
            tried += 1;
        }
    }
    assert!(tried > 0);
    let unknown = training::answer(&mut tx, &ana, attempt.uid, "no-such", &[1]).await;
    assert!(matches!(unknown, Err(Problem::NotFound)));
});

story!(who_failed_tries_again_at_once_and_passes, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let me = ana.person.unwrap();
    let first = start(&mut tx, &ana, &version).await;
    training::read_lesson(&mut tx, &ana, first.uid, 1).await.unwrap();
    let failed = go_through(&mut tx, &ana, &version, &first, 2).await;
    assert_eq!((failed.score, failed.passed, failed.completion), (75, false, None));
    let progress = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!((progress.next, progress.last_score, progress.answered), (Step::Start, Some(75), 0));
    // What was missed is named by what was asked: nothing tells which choice is right.
    let mut missed = Vec::new();
    for n in 1..=2 {
        missed.push(training::question(&mut tx, &ana, first.uid, n).await.unwrap().ask);
    }
    assert_eq!(attempts::missed(&mut tx, &ana, first.uid).await.unwrap(), missed);
    let lessons = attempts::lesson_titles(&mut tx, &ana, first.uid).await.unwrap();
    assert_eq!(lessons, library::find(SLUG).unwrap().texts["en"].lessons.iter().map(|l| l.title.clone()).collect::<Vec<_>>());
    let late = training::answer(&mut tx, &ana, first.uid, "leave-chat", &[1]).await;
    assert!(matches!(late, Err(Problem::Conflict(_))));

    let second = start(&mut tx, &ana, &version).await;
    assert_ne!(second.uid, first.uid);
    assert!(matches!(attempts::missed(&mut tx, &ana, second.uid).await, Err(Problem::Conflict(_))));
    assert_eq!(training::progress(&mut tx, me, version.id).await.unwrap().lessons_done, 1);
    let passed = go_through(&mut tx, &ana, &version, &second, 1).await;
    let completion = Completion { person: me, course_version: version.id, at: tx.now(), score: 87 };
    assert_eq!((passed.score, passed.passed, passed.completion), (87, true, Some(completion)));
    let twice = training::finish(&mut tx, &ana, second.uid).await.unwrap();
    assert_eq!((twice.score, twice.passed, twice.completion), (87, true, None));
    let progress = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!((progress.passed_on, progress.minutes_left, progress.next), (Some(day("2026-08-17")), 0, Step::Done));
    let scores: Vec<_> = attempts::history(&mut tx, me, version.id).await.unwrap().iter().map(|a| a.score).collect();
    assert_eq!(scores, [Some(87), Some(75)]);
});

story!(a_question_tells_nothing_of_its_key_before_the_answer, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &version).await;
    let content = library::find(SLUG).unwrap();
    for n in 1..=8 {
        let asked = training::question(&mut tx, &ana, attempt.uid, n).await.unwrap();
        let sent = serde_json::to_value(&asked).unwrap();
        let mut names: Vec<&str> = sent.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["answered", "ask", "choices", "id", "kind", "number", "of"]);
        assert!(sent["choices"].as_array().unwrap().iter().all(serde_json::Value::is_string));
        let key = content.texts["en"].questions.iter().find(|q| q.id == asked.id).unwrap();
        assert!(key.choices.iter().all(|c| !sent.to_string().contains(&c.feedback)));
    }
    let attempt = serde_json::to_value(&attempt).unwrap();
    assert!(attempt.get("seed").is_none());
    let whole = training::publishing::content(&mut tx, &ana, version.id).await;
    assert!(matches!(whole, Err(Problem::NotFound)));
    let overview = training::overview(&mut tx, &ana, version.id, "vi").await.unwrap();
    assert_eq!((overview.language.as_str(), overview.guide), ("en", None));
});

story!(somebody_else_s_attempt_is_not_there, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let (ana, ben) = (student(&mut tx, "Ana").await, student(&mut tx, "Ben").await);
    let attempt = start(&mut tx, &ana, &version).await;
    let asked = training::question(&mut tx, &ana, attempt.uid, 1).await.unwrap();
    for other in [ben, world.operator()] {
        let refused = [
            attempts::own(&mut tx, &other, attempt.uid).await.err(),
            attempts::lesson(&mut tx, &other, attempt.uid, 1).await.err(),
            training::read_lesson(&mut tx, &other, attempt.uid, 1).await.err(),
            training::question(&mut tx, &other, attempt.uid, 1).await.err(),
            training::answer(&mut tx, &other, attempt.uid, &asked.id, &[1]).await.err(),
            training::finish(&mut tx, &other, attempt.uid).await.err(),
            training::start_or_resume(&mut tx, &other, ana.person.unwrap(), version.id, "en").await.err(),
        ];
        assert!(refused.iter().all(|r| matches!(r, Some(Problem::NotFound))), "{refused:?}");
    }
});

story!(the_order_is_each_attempt_s_own_and_stays, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let mut orders = Vec::new();
    for name in ["Ana", "Ben", "Cal", "Dee"] {
        let learner = student(&mut tx, name).await;
        let attempt = start(&mut tx, &learner, &version).await;
        let mut order = Vec::new();
        for n in 1..=8 {
            let asked = training::question(&mut tx, &learner, attempt.uid, n).await.unwrap();
            let again = training::question(&mut tx, &learner, attempt.uid, n).await.unwrap();
            assert_eq!((&asked.id, &asked.choices), (&again.id, &again.choices));
            if asked.kind == Kind::TrueFalse {
                assert_eq!(asked.choices, ["True", "False"]);
            }
            order.push((asked.id, asked.choices));
        }
        let ids: std::collections::BTreeSet<_> = order.iter().map(|(id, _)| id.clone()).collect();
        assert_eq!(ids.len(), 8);
        orders.push(order);
    }
    assert!(orders.iter().any(|o| o != &orders[0]));
});

async fn refused_by_the_database(world: &World, statement: &'static str) -> String {
    let mut tx = world.write().await;
    let done = on!(tx, |c| sqlx::query(statement).execute(c).await.map(drop));
    done.expect_err(statement).to_string()
}

story!(what_somebody_has_taken_never_changes, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &version).await;
    training::read_lesson(&mut tx, &ana, attempt.uid, 1).await.unwrap();
    let _ = go_through(&mut tx, &ana, &version, &attempt, 0).await;
    tx.commit().await.unwrap();
    for statement in [
        "UPDATE lesson SET body = 'other'",
        "DELETE FROM lesson",
        "INSERT INTO lesson (version_id, language, number, title, minutes, body) SELECT id, 'en', 9, 'a', 1, 'b' FROM course_version",
        "UPDATE question SET choices = '[]'",
        "DELETE FROM question",
        "UPDATE course_text SET title = 'other'",
        "UPDATE course_version SET pass_mark = 1",
        "UPDATE course_version SET state = 'draft'",
        "DELETE FROM course_version",
        "UPDATE attempt SET score = 100",
        "DELETE FROM attempt",
        "UPDATE attempt_lesson SET number = 2",
        "UPDATE attempt_answer SET is_right = FALSE",
        "DELETE FROM attempt_answer",
    ] {
        let said = refused_by_the_database(world, statement).await;
        assert!(said.contains("never") || said.contains("append-only"), "{statement}: {said}");
    }
});

story!(a_changed_text_is_a_new_version_and_the_old_one_can_be_finished, |world| {
    let mut tx = world.write().await;
    let first = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &first).await;

    let mut content = library::find(SLUG).unwrap();
    let why = Change { material: true, reason: "A new lesson text".into() };
    let same = training::revise(&mut tx, &world.operator(), SLUG, &content, &why).await;
    assert!(matches!(same, Err(Problem::Conflict(_))));
    content.texts.get_mut("en").unwrap().lessons[0].body.push_str("\n\nOne more word.");
    let refused = training::revise(&mut tx, &ana, SLUG, &content, &why).await;
    assert!(matches!(refused, Err(Problem::NotFound)));
    let second = training::revise(&mut tx, &world.operator(), SLUG, &content, &why).await.unwrap();
    assert_eq!((second.number, second.state, second.material), (2, training::State::Draft, true));
    let hidden = training::start_or_resume(&mut tx, &ana, ana.person.unwrap(), second.id, "en").await;
    assert!(matches!(hidden, Err(Problem::NotFound)));
    assert_eq!(training::catalogue(&mut tx, "en", false).await.unwrap()[0].number, 1);

    content.texts.get_mut("en").unwrap().questions[0].choices[0].feedback.clear();
    let faulty = training::revise(&mut tx, &world.operator(), SLUG, &content, &why).await.unwrap_err();
    assert_eq!(faulty.to_string(), "en, question 1, choice 1: the choice has no feedback: say why it is right or wrong");

    let done = training::publish(&mut tx, &world.operator(), SLUG).await.unwrap();
    assert_eq!((done.version.number, done.replaces), (2, Some(first.id)));
    assert_eq!(training::current(&mut tx, SLUG).await.unwrap().id, second.id);
    assert!(go_through(&mut tx, &ana, &first, &attempt, 0).await.passed);
    let none = training::publish(&mut tx, &world.operator(), SLUG).await;
    assert!(matches!(none, Err(Problem::Conflict(_))));
});

story!(the_figures_count_people, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    training::take_from_library(&mut tx, &world.operator(), "fair-use-staff").await.unwrap();
    let today = day("2026-08-17");
    let cells = figures::reviewed_cells(&mut tx, today).await.unwrap();
    assert_eq!(cells, [(training::Topic::Netiquette, training::Audience::Grades68)]);
    assert_eq!(figures::reviewed_cells(&mut tx, today.plus(1)).await.unwrap(), []);
    let cipa = figures::cipa_courses(&mut tx).await.unwrap();
    assert_eq!(cipa.iter().map(|c| (c.version, c.topics.len())).collect::<Vec<_>>(), [(version.id, 2)]);

    let (ana, ben, cal) = (student(&mut tx, "Ana").await, student(&mut tx, "Ben").await, student(&mut tx, "Cal").await);
    for (learner, wrong) in [(&ana, 0), (&ben, 3), (&cal, 3), (&cal, 0)] {
        let attempt = start(&mut tx, learner, &version).await;
        let _ = go_through(&mut tx, learner, &version, &attempt, wrong).await;
    }
    let (from, to) = (today, today);
    assert_eq!(figures::well_learned(&mut tx, from, to, 80).await.unwrap(), Share { reached: 2, of: 3 });
    assert_eq!(figures::completers(&mut tx, &[version.id], from, to, None).await.unwrap(), 2);
    let two = [ana.person.unwrap(), ben.person.unwrap()];
    assert_eq!(figures::completers(&mut tx, &[version.id], from, to, Some(&two)).await.unwrap(), 1);
    assert_eq!(figures::completers_with_role(&mut tx, &[version.id], from, to, "student").await.unwrap(), 2);
    assert_eq!(figures::completers_with_role(&mut tx, &[version.id], from, to, "teacher").await.unwrap(), 0);
    assert_eq!(figures::completers(&mut tx, &[version.id], from.plus(-9), to.plus(-1), None).await.unwrap(), 0);
});

story!(who_passed_has_a_certificate_that_anybody_can_check, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    let attempt = start(&mut tx, &ana, &version).await;
    assert!(matches!(certificates::of(&mut tx, &ana, attempt.uid).await, Err(Problem::NotFound)), "not yet");
    let _ = go_through(&mut tx, &ana, &version, &attempt, 1).await;
    let certificate = certificates::of(&mut tx, &ana, attempt.uid).await.unwrap();
    assert_eq!((certificate.name.as_str(), certificate.course.as_str()), ("Ana Learner", "Group Chats and Comment Threads"));
    assert_eq!(certificates::of(&mut tx, &ana, attempt.uid).await.unwrap().code, certificate.code, "it keeps its code");
    let other = student(&mut tx, "Ben").await;
    assert!(matches!(certificates::of(&mut tx, &other, attempt.uid).await, Err(Problem::NotFound)));
    let checked = certificates::check(&mut tx, &certificate.code.to_lowercase()).await.unwrap().unwrap();
    assert_eq!((checked.initials.as_str(), checked.course.as_str()), ("A. L.", "Group Chats and Comment Threads"));
    for nothing in ["7HKX-29P", "", &assent::kernel::code::fresh(&mut assent::kernel::Chance::seeded(5))] {
        assert_eq!(certificates::check(&mut tx, nothing).await.unwrap(), None, "{nothing}");
    }
    tx.commit().await.unwrap();
    let document =
        assent::reports::certificate::certificate(&world.district, &certificate, Some("https://assent.example.org"), world.clock.now());
    let pdf = assent::reports::pdf::render(&document).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("certificate.pdf"), pdf).unwrap();
    let visitor = world.client().await;
    let page = visitor.get(&format!("/certificates?code={}", certificate.code)).await.body;
    assert!(page.contains("This certificate is on record") && page.contains("A. L.") && !page.contains("Learner"), "{page}");
    let page = visitor.get("/certificates?code=7HKX-29PD%3Cscript%3E").await.body;
    assert!(page.contains("There is no certificate with this code") && !page.contains("<script>"), "{page}");
});

story!(a_question_that_misleads_shows_up_by_itself, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let content = library::find(SLUG).unwrap();
    let backwards = content.texts["en"].questions[0].id.clone();
    let operator = world.operator();
    for number in 0..10 {
        let learner = student(&mut tx, &format!("Learner{number}")).await;
        let attempt = start(&mut tx, &learner, &version).await;
        for n in 1..=content.texts["en"].questions.len() {
            let asked = training::question(&mut tx, &learner, attempt.uid, n).await.unwrap();
            // Whoever knows the rest gets the first one wrong, and the other way round.
            let well = (number < 5) != (asked.id == backwards);
            let choices = choose(&content, &asked, well);
            training::answer(&mut tx, &learner, attempt.uid, &asked.id, &choices).await.unwrap();
        }
        if number == 9 {
            let items = statistics::items(&mut tx, &operator, version.id, "en").await.unwrap();
            assert!(items[0].people == 9 && items[0].figures.is_none(), "nine people could be told apart");
        }
        let _ = training::finish(&mut tx, &learner, attempt.uid).await.unwrap();
    }
    let items = statistics::items(&mut tx, &operator, version.id, "en").await.unwrap();
    let figures = items[0].figures.as_ref().unwrap();
    assert_eq!((items[0].id.as_str(), items[0].people, figures.right, figures.discrimination), (backwards.as_str(), 10, 50, Some(-1.0)));
    assert_eq!(figures.warning, Some(Warning::Backwards));
    assert_eq!(figures.choices.iter().filter(|c| c.right).map(|c| c.people).sum::<i64>(), 5, "{figures:?}");
    let other = items[1].figures.as_ref().unwrap();
    assert!(other.discrimination.unwrap() > 0.5 && other.warning != Some(Warning::Backwards), "{other:?}");
    // A second try isn't counted, and only those who write courses see it.
    let again = student(&mut tx, "Again").await;
    assert!(matches!(statistics::items(&mut tx, &again, version.id, "en").await, Err(Problem::NotFound)));
    tx.commit().await.unwrap();
    let client = world.client().await;
    let director = world.granted("Dora Director", Role::Director).await;
    client.sign_in_as(world, director).await;
    let page = client.get(&format!("/courses/{SLUG}/questions")).await.body;
    assert!(page.contains("1 question needs a look") || page.contains("questions need a look"), "{page}");
    assert!(page.contains("get this one wrong"), "{page}");
});

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// The course as if it had no Spanish text.
fn copy_in_english(to: &Path) {
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("courses").join(SLUG), to);
    std::fs::remove_dir_all(to.join("es")).unwrap();
    let head = std::fs::read_to_string(to.join("course.toml")).unwrap();
    let english: Vec<&str> = head.lines().filter(|line| !line.starts_with("es = ")).collect();
    std::fs::write(to.join("course.toml"), english.join("\n") + "\n").unwrap();
}

#[test]
fn the_check_of_a_folder_names_each_mistake_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let course = folder.path().join(SLUG);
    copy_in_english(&course);
    assert_eq!(library::check(folder.path()).unwrap(), []);

    std::fs::remove_file(course.join("en/guide.md")).unwrap();
    std::fs::write(course.join("en/2-disagree-without-attack.md"), "+++\ntitle = \"Two\"\nminutes = four\n+++\n\nText\n").unwrap();
    std::fs::write(course.join("en/notes.txt"), "?").unwrap();
    let questions = course.join("en/questions.toml");
    let text = std::fs::read_to_string(&questions).unwrap();
    let line_of = |text: &str, wanted: &str| text.lines().position(|l| l == wanted).unwrap() + 1;
    let changed = text.replace("id = \"disagree\"", "id = \"leave-chat\"");
    std::fs::write(&questions, &changed).unwrap();
    let said: BTreeMap<String, (usize, String)> =
        library::check(folder.path()).unwrap().into_iter().map(|f| (f.file, (f.line, f.text))).collect();
    assert_eq!(said["netiquette-6-8/en/2-disagree-without-attack.md"].0, 3);
    assert!(said["netiquette-6-8/en/notes.txt"].1.starts_with("this file has no place in a course"));

    copy_in_english(&course);
    std::fs::remove_file(course.join("en/notes.txt")).unwrap();
    std::fs::remove_file(course.join("en/guide.md")).unwrap();
    let second_head = text.match_indices("[[question]]").nth(2).map(|(at, _)| text[..at].lines().count() + 1).unwrap();
    let first_choice = line_of(&text, "[[question.choice]]");
    let silent = text.lines().nth(first_choice + 1).unwrap();
    let changed = changed.replacen(&format!("{silent}\n"), "", 1).replacen("right = true\n", "", 1);
    std::fs::write(&questions, &changed).unwrap();
    let said: Vec<(String, usize, String)> = library::check(folder.path()).unwrap().into_iter().map(|f| (f.file, f.line, f.text)).collect();
    let file = "netiquette-6-8/en/questions.toml";
    let wanted = [
        ("netiquette-6-8/en/guide.md", 1, "a course for kindergarten to grade 8 needs a teacher's guide"),
        (file, 1, "no choice is right: mark one with right = true"),
        (file, first_choice, "the choice has no feedback: say why it is right or wrong"),
        (file, second_head - 2, "the id “leave-chat” is taken by a question before: choose another"),
    ];
    assert_eq!(said.iter().map(|(f, l, t)| (f.as_str(), *l, t.as_str())).collect::<Vec<_>>(), wanted);
    assert!(library::check(folder.path()).unwrap().iter().all(|f| f.severity == Severity::Error));
}

story!(the_language_may_change_in_the_middle, |world| {
    let mut tx = world.write().await;
    published(&mut tx, world).await;
    let mut content = library::find(SLUG).unwrap();
    let mut spanish = content.texts["en"].clone();
    spanish.title = "Chats de grupo".into();
    spanish.questions.iter_mut().for_each(|q| q.ask = format!("¿{}?", q.id));
    content.texts.insert("es".into(), spanish);
    let change = Change { material: false, reason: "The same course, now in Spanish too".into() };
    training::revise(&mut tx, &world.operator(), SLUG, &content, &change).await.unwrap();
    let version = training::publish(&mut tx, &world.operator(), SLUG).await.unwrap().version;
    assert_eq!(training::catalogue(&mut tx, "es", false).await.unwrap()[0].title, "Chats de grupo");

    let ana = student(&mut tx, "Ana").await;
    let me = ana.person.unwrap();
    let attempt = training::start_or_resume(&mut tx, &ana, me, version.id, "es-MX").await.unwrap();
    let asked = training::question(&mut tx, &ana, attempt.uid, 3).await.unwrap();
    assert_eq!((attempt.language.as_str(), asked.ask.clone()), ("es", format!("¿{}?", asked.id)));
    training::answer(&mut tx, &ana, attempt.uid, &asked.id, &[1]).await.unwrap();
    let resumed = start(&mut tx, &ana, &version).await;
    let shown = training::question(&mut tx, &ana, attempt.uid, 3).await.unwrap();
    assert_eq!((resumed.uid, resumed.language.as_str(), &shown.id), (attempt.uid, "en", &asked.id));
    assert!(shown.answered.is_some() && shown.choices == asked.choices);
    let progress = training::progress(&mut tx, me, version.id).await.unwrap();
    assert_eq!(progress.answered, 1);
});

story!(two_devices_that_start_at_once_share_one_attempt, |world| {
    let mut tx = world.write().await;
    let version = published(&mut tx, world).await;
    let ana = student(&mut tx, "Ana").await;
    tx.commit().await.unwrap();
    let device = async || {
        let mut tx = world.write().await;
        let attempt = start(&mut tx, &ana, &version).await;
        tx.commit().await.unwrap();
        attempt.uid
    };
    let (one, other) = tokio::join!(device(), device());
    assert_eq!(one, other);
});
