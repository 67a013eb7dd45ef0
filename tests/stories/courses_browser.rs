//! Every shipped course, taken in the browser on a small telephone from its first page to its result, wrong answers included.

use std::collections::BTreeMap;

use assent::identity::accounts::{self, NewAccount};
use assent::kernel::{Locale, words};
use assent::on;
use assent::training::{self, Content, library};

use crate::browser::Browser;
use crate::world::World;
use crate::world::client::PASSWORD;

/// Percent of the questions that may be wrong, where a course asks for `pass_mark` percent right.
fn may_be_wrong(content: &Content, questions: usize) -> usize {
    let wrong = 100 - usize::try_from(content.pass_mark).unwrap();
    (questions * wrong / 100).max(1)
}

/// Opens the course, reads each lesson, answers each question, the first ones wrong, and comes to the result.
async fn take(browser: &Browser, content: &Content, locale: Locale) {
    let slug = content.slug();
    let say = |key: &str| words::say(locale, key);
    let text = &content.texts[locale.tag()];
    let questions: BTreeMap<&str, _> = text.questions.iter().map(|q| (q.ask.as_str(), q)).collect();
    browser.open_path(&format!("/courses/{slug}")).await;
    browser.shows(&text.title).await;
    let mut wide = vec![(browser.path().await, browser.overflow().await)];
    browser.press(&say("course-start")).await;
    for lesson in &text.lessons {
        browser.shows(&lesson.title).await;
        wide.push((browser.path().await, browser.overflow().await));
        browser.press(&say("course-read-go-on")).await;
    }
    let wrong = may_be_wrong(content, text.questions.len());
    for number in 0..text.questions.len() {
        assert!(browser.path().await.contains("/questions/"), "{slug}: {}", browser.path().await);
        let ask = browser.words("legend").await.remove(0);
        let question = questions.get(ask.as_str()).unwrap_or_else(|| panic!("{slug} has no question “{ask}”"));
        let mut chosen = Vec::new();
        for (place, shown) in (1..).zip(&browser.words("label.choice").await) {
            let choice = question.choices.iter().find(|c| c.text == *shown).unwrap_or_else(|| panic!("{slug}: “{ask}” has no “{shown}”"));
            let wanted = if number < wrong { !choice.right && chosen.is_empty() } else { choice.right };
            if wanted {
                browser.click(&format!("#choice-{place}")).await;
                chosen.push(choice);
            }
        }
        wide.push((browser.path().await, browser.overflow().await));
        browser.press(&say("course-answer")).await;
        browser.shows(&say(if number < wrong { "course-not-quite" } else { "course-right" })).await;
        let page = browser.text().await;
        for choice in chosen {
            let first = choice.feedback.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
            assert!(!first.is_empty() && page.contains(&first), "{slug}, “{ask}”: “{}” isn't on\n{page}", choice.feedback);
        }
        wide.push((browser.path().await, browser.overflow().await));
        browser.follow(&say("course-go-on")).await;
    }
    browser.press(&say("course-see-result")).await;
    browser.shows(&say("course-passed")).await;
    let get =
        "fetch(document.querySelector('a[href$=\"certificate.pdf\"]').href).then(r => r.status + ' ' + r.headers.get('content-type'))";
    assert_eq!(browser.evaluate(get).await, "200 application/pdf", "{slug}");
    wide.push((browser.path().await, browser.overflow().await));
    wide.retain(|(_, by)| *by > 0);
    assert_eq!(wide, [], "{slug}: pages wider than a small telephone");
}

/// All courses of which `wanted` says so, by somebody who reads that language.
async fn take_all(world: &World, browser: &Browser, locale: Locale, wanted: impl Fn(&Content) -> bool) {
    let school = world.school("Harbor Middle").await;
    let person = world.student(&school, "Lee Learner", "07").await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET language = $2 WHERE id = $1").bind(person.id).bind(locale.tag()).execute(c).await.map(drop))
        .unwrap();
    let new = NewAccount {
        login: "lee".into(),
        name: "Lee Learner".into(),
        person: Some(person.id),
        password: Some(PASSWORD.into()),
        ..NewAccount::default()
    };
    accounts::add(&mut tx, &world.operator(), new).await.unwrap();
    let courses: Vec<Content> = library::shipped().into_iter().filter(|c| c.texts.contains_key(locale.tag()) && wanted(c)).collect();
    for course in &courses {
        training::take_from_library(&mut tx, &world.operator(), &course.slug()).await.unwrap();
        training::publish(&mut tx, &world.operator(), &course.slug()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(courses.len() >= 5, "{}", courses.len());
    browser.sign_in("lee", PASSWORD).await;
    browser.resize(320, 640).await;
    for course in &courses {
        take(browser, course, locale).await;
    }
    let mut tx = world.read().await;
    let passed: i64 =
        on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM attempt WHERE person_id = $1 AND passed").bind(person.id).fetch_one(c).await)
            .unwrap();
    assert_eq!(usize::try_from(passed).unwrap(), courses.len());
}

browser_story!(every_course_for_children_is_taken_to_its_end, |world, browser| {
    take_all(world, browser, Locale::En, |course| ["K-2", "3-5"].contains(&course.audience.name())).await;
});

browser_story!(every_course_for_older_students_is_taken_to_its_end, |world, browser| {
    take_all(world, browser, Locale::En, |course| ["6-8", "9-12", "6-12"].contains(&course.audience.name())).await;
});

browser_story!(every_course_for_adults_is_taken_to_its_end, |world, browser| {
    take_all(world, browser, Locale::En, |course| ["staff", "it-library", "families", "board"].contains(&course.audience.name())).await;
});

browser_story!(every_spanish_course_for_children_is_taken_to_its_end, |world, browser| {
    take_all(world, browser, Locale::Es, |course| ["K-2", "3-5"].contains(&course.audience.name())).await;
});

browser_story!(every_other_spanish_course_is_taken_to_its_end, |world, browser| {
    take_all(world, browser, Locale::Es, |course| !["K-2", "3-5"].contains(&course.audience.name())).await;
});
