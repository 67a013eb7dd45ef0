//! Adoption: what must be on record first, and what is kept.

use assent::adoption::{self, Adoption, MeetingKind};
use assent::feedback::{self, NewComment, Outcome, Stakeholder};
use assent::kernel::{Problem, Role};
use assent::on;
use assent::policies::{self, State, reading};

use crate::policies::{actor, author, conflict, fill, published};
use crate::world::day;

fn vote(votes_for: i64, against: i64) -> Adoption {
    Adoption { votes_for, against, abstained: 1, resolution: "2026-41".into(), day: day("2026-09-15") }
}

story!(an_internet_safety_policy_goes_the_whole_way, |world| {
    let operator = world.operator();
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &author(), "internet-safety").await.unwrap();
    let round = feedback::open_round(&mut tx, &author(), version.id, day("2026-09-10"), true).await.unwrap();
    assert!(round.public);
    let new = NewComment {
        language: "en".into(),
        clause: None,
        body: "Who reads the logs?".into(),
        group: Some(Stakeholder::Community),
        name: "Gil".into(),
    };
    let comment = feedback::comment(&mut tx, None, version.id, new).await.unwrap();
    tx.commit().await.unwrap();

    world.go_to("2026-09-15");
    let mut tx = world.write().await;
    // Everything that is missing is named at once.
    let told = conflict(adoption::adopt(&mut tx, &operator, version.id, vote(3, 3)).await);
    for missing in ["1 comment has no answer", "[[reporting link or phone number]]", "CIPA-NOTICE", "CIPA-HEARING", "the vote didn't carry"]
    {
        assert!(told.contains(missing), "{missing}: {told}");
    }
    fill(&mut tx, world, &version).await;
    feedback::dispose(&mut tx, &author(), comment.uid, Outcome::Accepted, "Clause monitoring-logs says who.").await.unwrap();
    adoption::hold_meeting(&mut tx, &author(), version.id, (MeetingKind::Meeting, day("2026-08-20")), "Board room", "Item 4", "")
        .await
        .unwrap();
    let told = conflict(adoption::adopt(&mut tx, &operator, version.id, vote(5, 1)).await);
    assert!(told.contains("CIPA-NOTICE"), "{told}");
    adoption::give_notice(&mut tx, &author(), version.id, "District website", day("2026-08-25"), "The board will hear …").await.unwrap();
    // A meeting before the notice doesn't count.
    let told = conflict(adoption::adopt(&mut tx, &operator, version.id, vote(5, 1)).await);
    assert!(!told.contains("CIPA-NOTICE") && told.contains("CIPA-HEARING"), "{told}");
    let hearing =
        adoption::hold_meeting(&mut tx, &author(), version.id, (MeetingKind::Hearing, day("2026-09-14")), "Board room", "Item 2", "")
            .await
            .unwrap();
    assert!(matches!(adoption::adopt(&mut tx, &author(), version.id, vote(5, 1)).await, Err(Problem::NotFound)));
    let adopted = adoption::adopt(&mut tx, &operator, version.id, vote(5, 1)).await.unwrap();
    assert_eq!((adopted.state, adopted.adopted_day), (State::Adopted, Some(day("2026-09-15"))));
    let early = policies::publish(&mut tx, &operator, version.id, day("2026-09-14")).await.unwrap_err().to_string();
    assert!(early.contains("adopted on 2026-09-15"), "{early}");
    policies::publish(&mut tx, &operator, version.id, day("2026-10-01")).await.unwrap();

    adoption::write_minutes(&mut tx, &author(), hearing.uid, "Read, discussed, carried.").await.unwrap();
    assert!(conflict(adoption::write_minutes(&mut tx, &author(), hearing.uid, "Otherwise.").await).contains("written once"));
    let record = adoption::record_of(&mut tx, &adopted).await.unwrap();
    assert_eq!((record.notices.len(), record.meetings.len(), record.heard.as_slice()), (1, 2, &[(Stakeholder::Community, 1)][..]));
    assert_eq!(record.vote.as_ref().map(|v| (v.votes_for, v.resolution.as_str())), Some((5, "2026-41")));
    let read = policies::read(&mut tx, &adopted, Some("en")).await.unwrap();
    assert_eq!(record.hashes, [("en".to_owned(), read.hash)]);
    let late = adoption::give_notice(&mut tx, &author(), version.id, "Late", day("2026-09-15"), "x").await;
    assert!(conflict(late).contains("before adoption"));
    let deeds: Vec<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT action FROM audit_entry WHERE subject = 'internet-safety' ORDER BY id").fetch_all(c).await)
            .unwrap();
    for deed in ["policy.begun", "policy.feedback_opened", "feedback.commented", "feedback.answered", "policy.adopted", "policy.published"]
    {
        assert!(deeds.iter().any(|d| d == deed), "{deed}: {deeds:?}");
    }
});

story!(a_policy_isn_t_adopted_while_people_still_comment, |world| {
    let mut tx = world.write().await;
    let version = crate::policies::agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-09-30"), false).await.unwrap();
    tx.commit().await.unwrap();
    world.go_to("2026-09-15");
    let mut tx = world.write().await;
    let told = conflict(adoption::adopt(&mut tx, &world.operator(), version.id, vote(5, 0)).await);
    assert!(told.contains("its feedback is still open"), "{told}");
    let future = Adoption { day: day("2026-09-16"), ..vote(5, 0) };
    assert!(matches!(adoption::adopt(&mut tx, &world.operator(), version.id, future).await, Err(Problem::Invalid(_))));
    feedback::close_round(&mut tx, &author(), version.id).await.unwrap();
    adoption::adopt(&mut tx, &world.operator(), version.id, vote(5, 0)).await.unwrap();
    assert!(conflict(adoption::adopt(&mut tx, &world.operator(), version.id, vote(5, 0)).await).contains("is adopted"));
});

story!(an_internet_safety_policy_without_an_element_isn_t_adopted_and_an_amendment_needs_no_new_hearing, |world| {
    let operator = world.operator();
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &operator, "internet-safety").await.unwrap();
    fill(&mut tx, world, &version).await;
    let covering = reading::coverage(&mut tx, &version).await.unwrap();
    let monitoring = covering.iter().find(|c| c.element.id == "CIPA-MON").unwrap().clauses.clone();
    assert_eq!(monitoring.len(), 1);
    let before = reading::text(&mut tx, version.id, "en").await.unwrap();
    policies::remove_clause(&mut tx, &operator, version.id, ("en", &before.hash().unwrap()), &monitoring[0]).await.unwrap();
    adoption::give_notice(&mut tx, &operator, version.id, "Website", day("2026-08-01"), "Words").await.unwrap();
    adoption::hold_meeting(&mut tx, &operator, version.id, (MeetingKind::Meeting, day("2026-08-10")), "Hall", "Item 1", "").await.unwrap();
    let today = Adoption { day: day("2026-08-17"), ..vote(5, 0) };
    let told = conflict(adoption::adopt(&mut tx, &operator, version.id, today).await);
    assert!(told.contains("no clause answers CIPA-MON") && !told.contains("CIPA-HEARING"), "{told}");
    let now = reading::text(&mut tx, version.id, "en").await.unwrap().hash().unwrap();
    policies::set_text(&mut tx, &operator, version.id, Some(&now), before).await.unwrap();
    published(&mut tx, world, &version, "2026-08-17").await;

    let amended = policies::new_version(&mut tx, &operator, "internet-safety", false, "a title changed", "").await.unwrap();
    assert_eq!(published(&mut tx, world, &amended, "2026-08-18").await.state, State::Published);
    let viewer = actor(20, "Bo Board", &[Role::BoardMember]);
    assert!(matches!(adoption::give_notice(&mut tx, &viewer, amended.id, "x", day("2026-08-18"), "x").await, Err(Problem::NotFound)));
});

story!(every_shipped_policy_is_adopted_and_published_once_its_blanks_are_filled, |world| {
    let operator = world.operator();
    for shipped in policies::library::shipped() {
        let mut tx = world.write().await;
        let version = policies::take(&mut tx, &operator, &shipped.slug).await.unwrap();
        adoption::give_notice(&mut tx, &operator, version.id, "Website", day("2026-08-01"), "Words").await.unwrap();
        adoption::hold_meeting(&mut tx, &operator, version.id, (MeetingKind::Meeting, day("2026-08-10")), "Hall", "1", "").await.unwrap();
        let today = || Adoption { day: day("2026-08-17"), ..vote(5, 0) };
        let blanks = reading::open_blanks(&mut tx, version.id).await.unwrap();
        if let Some(blank) = blanks.first() {
            let told = conflict(adoption::adopt(&mut tx, &operator, version.id, today()).await);
            assert!(told.contains(&format!("[[{blank}]]")), "{}: {told}", shipped.slug);
            fill(&mut tx, world, &version).await;
            assert_eq!(reading::open_blanks(&mut tx, version.id).await.unwrap(), [""; 0], "{}", shipped.slug);
        }
        adoption::adopt(&mut tx, &operator, version.id, today()).await.unwrap_or_else(|e| panic!("{}: {e}", shipped.slug));
        let published = policies::publish(&mut tx, &operator, version.id, day("2026-08-17")).await.unwrap();
        assert_eq!(published.state, State::Published, "{}", shipped.slug);
        for language in shipped.documents.keys() {
            let text = policies::read(&mut tx, &published, Some(language)).await.unwrap();
            assert!(!format!("{text:?}").contains("[["), "{} {language}", shipped.slug);
        }
        tx.commit().await.unwrap();
    }
});
