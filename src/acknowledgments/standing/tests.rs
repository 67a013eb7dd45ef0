use super::*;

const MARY: PersonId = PersonId(1);
const ANN: PersonId = PersonId(2);
const BOB: PersonId = PersonId(3);

/// What is set, whether the student is 18, who said what, and whether it holds.
type Case = (Option<ConsentRule>, bool, &'static [(PersonId, bool)], bool);

fn guardian(id: PersonId) -> people::PersonRow {
    people::PersonRow {
        id,
        uid: Uuid::nil(),
        given: String::new(),
        family: String::new(),
        role: "guardian".into(),
        grade: None,
        school: None,
        language: "en".into(),
        email: None,
        left_day: None,
    }
}

/// The words as they were said, one after the other.
fn paper(rule: Option<ConsentRule>, of_age: bool, said: &[(PersonId, bool)]) -> Paper {
    let word = |(person, yes): &(PersonId, bool)| Word {
        uid: Uuid::nil(),
        person: *person,
        person_name: String::new(),
        about: MARY,
        about_uid: Uuid::nil(),
        about_name: String::new(),
        school: String::new(),
        guardian: *person != MARY,
        obligation: ObligationId(1),
        policy: PolicyId(1),
        slug: String::new(),
        version: VersionId(1),
        number: 1,
        language: "en".into(),
        answer: "agreed".into(),
        choices: vec![Choice::said("image", *yes)],
        at: Moment(0),
    };
    let speakers = Speakers { about: MARY, of_age, rule, guardians: vec![guardian(ANN), guardian(BOB)] };
    Paper { speakers, own: false, words: said.iter().rev().map(word).collect(), earlier: Vec::new(), is_heard: true }
}

#[test]
fn what_counts_follows_from_who_may_consent() {
    let (any, all, one, none) = (Some(ConsentRule::Any), Some(ConsentRule::All), Some(ConsentRule::One(BOB)), Some(ConsentRule::None));
    let table: [Case; 15] = [
        (None, false, &[(ANN, true)], true),
        (any, false, &[(ANN, true), (BOB, false)], false),
        (any, false, &[(ANN, true), (BOB, false), (ANN, true)], true),
        (any, false, &[(ANN, false), (BOB, true)], true),
        (all, false, &[(ANN, true)], false),
        (all, false, &[(ANN, true), (BOB, true)], true),
        (all, false, &[(ANN, true), (BOB, true), (ANN, false)], false),
        (one, false, &[(ANN, true)], false),
        (one, false, &[(BOB, true), (ANN, false)], true),
        (one, false, &[(BOB, true), (BOB, false)], false),
        (none, false, &[(ANN, true), (BOB, true)], false),
        // At 18: what was given stays until the student says otherwise; whatever guardians say afterwards changes nothing.
        (None, true, &[(ANN, true)], true),
        (None, true, &[(ANN, true), (MARY, false)], false),
        (None, true, &[(ANN, true), (MARY, false), (ANN, true)], false),
        (all, true, &[(MARY, true)], true),
    ];
    for (rule, of_age, said, holds) in table {
        assert_eq!(paper(rule, of_age, said).holds("image"), holds, "{rule:?}, 18: {of_age}, {said:?}");
    }
}

#[test]
fn a_question_that_nobody_answered_has_no_yes() {
    let paper = paper(None, false, &[(ANN, true)]);
    assert!(!paper.holds("tools") && paper.words_on("tools").is_empty());
    assert!(!paper.can_be_taken_back_by(BOB, "tools") && paper.can_be_taken_back_by(BOB, "image"));
}
