//! Feedback: who is heard, how names are kept, what is answered.

use assent::feedback::{self, NewComment, Outcome, Showing, Stakeholder};
use assent::kernel::{Problem, Role};
use assent::on;
use assent::policies;

use crate::policies::{actor, agreement, author, conflict};
use crate::world::day;

fn says(body: &str) -> NewComment {
    NewComment { language: "en".into(), body: body.into(), ..Default::default() }
}

story!(comments_are_taken_only_while_a_round_is_open, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let teacher = actor(9, "Tom Teacher", &[Role::Teacher]);
    assert!(conflict(feedback::comment(&mut tx, Some(&teacher), version.id, says("Early")).await).contains("takes no comments now"));
    let past = feedback::open_round(&mut tx, &author(), version.id, day("2026-08-16"), true).await;
    assert!(matches!(past, Err(Problem::Invalid(_))));
    assert!(matches!(feedback::open_round(&mut tx, &teacher, version.id, day("2026-08-20"), true).await, Err(Problem::NotFound)));
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-20"), false).await.unwrap();
    feedback::comment(&mut tx, Some(&teacher), version.id, says("In time")).await.unwrap();
    assert_eq!(feedback::open_for(&mut tx, Some(&teacher)).await.unwrap().len(), 1);
    assert!(feedback::open_for(&mut tx, None).await.unwrap().is_empty());
    let public = NewComment { group: Some(Stakeholder::Community), ..says("Hello") };
    assert!(matches!(feedback::comment(&mut tx, None, version.id, public).await, Err(Problem::NotFound)));
    assert!(matches!(feedback::comment(&mut tx, Some(&teacher), version.id, says(" ")).await, Err(Problem::Invalid(_))));
    let long = feedback::comment(&mut tx, Some(&teacher), version.id, says(&"ñ".repeat(4_001))).await.unwrap_err().to_string();
    assert!(long.contains("4001 characters"), "{long}");
    tx.commit().await.unwrap();

    world.go_to("2026-08-20");
    let mut tx = world.write().await;
    feedback::comment(&mut tx, Some(&teacher), version.id, says("On the last day")).await.unwrap();
    tx.commit().await.unwrap();
    world.go_to("2026-08-21");
    let mut tx = world.write().await;
    conflict(feedback::comment(&mut tx, Some(&teacher), version.id, says("Too late")).await);
    feedback::close_round(&mut tx, &author(), version.id).await.unwrap();
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-25"), true).await.unwrap();
    assert_eq!(feedback::rounds(&mut tx, version.id).await.unwrap().len(), 2);
});

story!(a_student_is_heard_by_group_and_never_named, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-20"), true).await.unwrap();
    let student = actor(11, "Sam Student", &[Role::Student]);
    let comment = feedback::comment(&mut tx, Some(&student), version.id, says("Too long.")).await.unwrap();
    assert_eq!((comment.stakeholder, comment.from_minor, comment.display_name.as_str()), (Stakeholder::Students, true, ""));
    // Nobody is a student on their own word.
    let public = NewComment { group: Some(Stakeholder::Students), name: "Sam Student".into(), ..says("Me again.") };
    assert!(matches!(feedback::comment(&mut tx, None, version.id, public).await, Err(Problem::Invalid(_))));
    let again = feedback::comment(&mut tx, Some(&student), version.id, says("Me again.")).await.unwrap();
    assert_eq!((again.display_name.as_str(), again.state), ("", Showing::Held));

    let teacher = actor(9, "Tom Teacher", &[Role::Teacher]);
    assert!(feedback::list(&mut tx, Some(&teacher), version.id).await.unwrap().is_empty());
    feedback::moderate(&mut tx, &author(), comment.uid, true, "").await.unwrap();
    assert!(matches!(feedback::moderate(&mut tx, &author(), again.uid, false, " ").await, Err(Problem::Invalid(_))));
    feedback::moderate(&mut tx, &author(), again.uid, false, "said twice").await.unwrap();
    let shown = feedback::list(&mut tx, None, version.id).await.unwrap();
    assert_eq!(shown.iter().map(|c| c.body.as_str()).collect::<Vec<_>>(), ["Too long."]);
    let named: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM feedback_comment WHERE display_name LIKE '%Sam%')
              + (SELECT COUNT(*) FROM audit_entry WHERE actor_name LIKE '%Sam%' OR detail LIKE '%Sam%')"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    assert_eq!(named, 0);
    assert_eq!(feedback::heard_groups(&mut tx, version.id).await.unwrap(), [(Stakeholder::Students, 2)]);
    assert_eq!(feedback::unanswered(&mut tx, version.id).await.unwrap(), 2);
});

story!(one_speaks_only_for_a_group_of_one_s_own, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-20"), true).await.unwrap();
    let both = actor(9, "Tom Teacher", &[Role::Guardian, Role::Teacher]);
    let as_family = NewComment { group: Some(Stakeholder::Families), ..says("As a parent") };
    assert_eq!(feedback::comment(&mut tx, Some(&both), version.id, as_family).await.unwrap().stakeholder, Stakeholder::Families);
    assert_eq!(feedback::comment(&mut tx, Some(&both), version.id, says("x")).await.unwrap().stakeholder, Stakeholder::Teachers);
    let as_board = NewComment { group: Some(Stakeholder::Board), ..says("x") };
    assert!(matches!(feedback::comment(&mut tx, Some(&both), version.id, as_board).await, Err(Problem::Invalid(_))));
    assert!(matches!(feedback::comment(&mut tx, None, version.id, says("no group")).await, Err(Problem::Invalid(_))));
    let nowhere = NewComment { clause: Some("no-such".into()), ..says("x") };
    assert!(matches!(feedback::comment(&mut tx, Some(&both), version.id, nowhere).await, Err(Problem::Invalid(_))));
    let auditor = actor(12, "Al Auditor", &[Role::Auditor]);
    assert!(matches!(feedback::comment(&mut tx, Some(&auditor), version.id, says("x")).await, Err(Problem::NotFound)));
});

story!(every_comment_gets_an_answer_with_its_reason, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-20"), true).await.unwrap();
    let teacher = actor(9, "Tom Teacher", &[Role::Teacher]);
    let comment = feedback::comment(&mut tx, Some(&teacher), version.id, says("Why?")).await.unwrap();
    assert!(matches!(feedback::dispose(&mut tx, &teacher, comment.uid, Outcome::Accepted, "x").await, Err(Problem::NotFound)));
    assert!(matches!(feedback::dispose(&mut tx, &author(), comment.uid, Outcome::Accepted, "").await, Err(Problem::Invalid(_))));
    feedback::dispose(&mut tx, &author(), comment.uid, Outcome::Declined, "The law asks for it.").await.unwrap();
    feedback::dispose(&mut tx, &author(), comment.uid, Outcome::Partly, "We say it in plainer words now.").await.unwrap();
    let listed = feedback::list(&mut tx, None, version.id).await.unwrap();
    let answer = listed[0].answer.as_ref().unwrap();
    assert_eq!((answer.outcome, answer.reason.as_str()), (Outcome::Partly, "We say it in plainer words now."));
    assert_eq!(feedback::unanswered(&mut tx, version.id).await.unwrap(), 0);
    feedback::close_round(&mut tx, &author(), version.id).await.unwrap();
    crate::policies::published(&mut tx, world, &version, "2026-08-18").await;
    let told = conflict(feedback::dispose(&mut tx, &author(), comment.uid, Outcome::Accepted, "x").await);
    assert!(told.contains("its record stands"), "{told}");
    assert_eq!(policies::version(&mut tx, &version.slug, None).await.unwrap().state.name(), "published");
    tx.commit().await.unwrap();
    for sql in [
        "UPDATE feedback_comment SET body = 'x'",
        "DELETE FROM feedback_comment",
        "UPDATE disposition SET reason = 'x'",
        "DELETE FROM disposition",
    ] {
        let mut tx = world.write().await;
        assert!(on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop)).is_err(), "{sql}");
    }
});

story!(who_has_not_signed_in_speaks_for_a_family_or_the_community_and_is_marked, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-08-20"), true).await.unwrap();
    tx.commit().await.unwrap();
    let here = format!("/policies/{}/versions/1", version.slug);
    let clause = {
        let mut tx = world.read().await;
        assent::policies::read(&mut tx, &version, Some("en")).await.unwrap().sections[0].clauses[0].id.clone()
    };
    let visitor = world.client().await;
    let form = visitor.get(&format!("{here}/comment?clause={clause}")).await.body;
    assert!(form.contains("value=\"families\"") && form.contains("value=\"community\""), "{form}");
    assert!(!form.contains("value=\"teachers\"") && !form.contains("value=\"board\""), "{form}");
    let fields = |group| [("clause", clause.as_str()), ("language", "en"), ("body", "Too long."), ("group", group), ("name", "Gil")];
    let refused = visitor.post(&format!("{here}/comments"), &fields("teachers")).await;
    assert_eq!(refused.status, 422);
    let sent = visitor.post(&format!("{here}/comments"), &fields("families")).await;
    // The thanks stand where the page opens.
    assert_eq!(sent.location(), format!("{here}?said={clause}#{clause}"));
    let page = visitor.get(&format!("{here}?said={clause}")).await.body;
    let (at, thanks) = (page.find(&format!("id=\"{clause}\"")).unwrap(), page.find("Thank you. Your comment is kept").unwrap());
    assert!(thanks > at && page.matches("Thank you.").count() == 1, "{page}");
    let list = visitor.get(&format!("{here}/comments")).await.body;
    assert!(list.contains("1 comment is being checked before it is shown") && !list.contains("Nobody has commented yet"), "{list}");
    assert!(!list.contains("waits for an answer"), "{list}");

    let mut tx = world.write().await;
    let neighbor = NewComment { group: Some(Stakeholder::Community), ..says("Hello") };
    feedback::comment(&mut tx, None, version.id, neighbor).await.unwrap();
    // A family is heard once somebody of it has signed in; the community is whoever lives here.
    assert_eq!(feedback::heard_groups(&mut tx, version.id).await.unwrap(), [(Stakeholder::Community, 1)]);
    assert_eq!(feedback::heard_unsigned(&mut tx, version.id).await.unwrap(), [Stakeholder::Community, Stakeholder::Families]);
    let comments = feedback::list(&mut tx, Some(&author()), version.id).await.unwrap();
    assert!(comments.iter().all(|c| !c.signed_in));
    tx.commit().await.unwrap();

    let ada = world.account_named("ada", "Ada Author", &[Role::Author]).await;
    visitor.sign_in_as(world, ada).await;
    let list = visitor.get(&format!("{here}/comments")).await.body;
    assert!(list.contains("Gil, a family (not signed in)") && list.contains("<option value=\"\">Choose…</option>"), "{list}");
    let uid = comments[0].uid;
    let unsaid = visitor.post(&format!("/comments/{uid}/answer"), &[("outcome", ""), ("reason", "So."), ("back", "/")]).await;
    assert_eq!(unsaid.status, 422);
    let editor = visitor.get(&format!("{here}/clauses/{clause}?comment={uid}")).await.body;
    assert!(editor.contains("<p>Too long.</p>"), "{editor}");
    let page = visitor.get(&here).await.body;
    assert!(page.contains("Not signed in: community, families. Of these only the community counts as heard."), "{page}");
});
