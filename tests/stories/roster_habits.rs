//! What real exports do otherwise than the standard says, and what is made of it: understood with a warning where it can be, left out with
//! its reason where it matters.

use assent::kernel::Problem;
use assent::on;
use assent::roster::oneroster::{ImportReport, Severity, Wish};

use crate::roster::{
    CLASSES, COURSES, ENROLLMENTS, ENROLLMENTS_HEAD, ORGS, ROLES_1_2, Set, USERS, USERS_1_2, USERS_HEAD, import, import_with, number,
    set_1_2, text,
};
use crate::world::{World, day};

/// How often the report says this of that field.
fn said(report: &ImportReport, file: &str, field: &str, words: &str) -> usize {
    report
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Warning && f.file == file && f.field == field && f.wrong.contains(words))
        .count()
}

/// The roles and titles of everybody's positions, by name.
async fn positions(world: &World) -> Vec<(String, String, String)> {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as(
        "SELECT p.given, w.role, w.title FROM position w JOIN person p ON p.id = w.person_id WHERE w.ended IS NULL
         ORDER BY p.given, w.role, w.title"
    )
    .fetch_all(c)
    .await)
    .unwrap()
}

fn held(given: &str, role: &str, title: &str) -> (String, String, String) {
    (given.to_owned(), role.to_owned(), title.to_owned())
}

story!(a_misspelt_column_is_taken_for_the_one_it_clearly_is, |world| {
    let set = Set::small();
    set.change("users", "sourcedId,status", "sourceId,status");
    set.change("users", "givenName,familyName", "given_name,FamlyName");
    set.change("users", "orgSourcedIds", "orgSourcedId");
    set.change("enrollments", "userSourcedId", "User Sourced Id");
    set.change("classes", "classCode", "klassKode");
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.errors, report.of("users").added), (0, 4), "{:?}", report.findings);
    for (file, cell, name) in [
        ("users.csv", "sourceId", "sourcedId"),
        ("users.csv", "given_name", "givenName"),
        ("users.csv", "FamlyName", "familyName"),
        ("users.csv", "orgSourcedId", "orgSourcedIds"),
        ("enrollments.csv", "User Sourced Id", "userSourcedId"),
        ("classes.csv", "klassKode", "classCode"),
    ] {
        let found = report.findings.iter().filter(|f| f.file == file && f.value == cell && f.wrong.contains(&format!("taken for {name}")));
        assert_eq!(found.count(), 1, "{cell} in {:?}", report.findings);
    }
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT family FROM person WHERE given = 'Ana'").await.unwrap(), "Núñez");
    assert_eq!(text(&mut tx, "SELECT code FROM section WHERE title = 'Maths 5'").await.unwrap(), "M5");
});

story!(a_column_that_could_be_two_is_taken_for_neither, |world| {
    let set = Set::small();
    // The header holds the right column too: the misspelt one is one more, and says nothing.
    set.change("users", ",grades,password", ",grades,grade");
    set.change("users", "g1,05,\n", "g1,05,11\n");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(said(&report, "users.csv", "grade", "knows no such column"), 1, "{:?}", report.findings);
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT grade FROM person WHERE given = 'Ana'").await.unwrap(), "05");
});

story!(columns_may_stand_in_any_order, |world| {
    let set = Set::empty("1.1", "bulk", &["orgs", "users"]);
    set.put("orgs", "type,name,sourcedId\ndistrict,Anything ISD,d\nschool,First School,s1\n");
    set.put("users", "familyName,givenName,role,orgSourcedIds,sourcedId\nNúñez,Ana,student,s1,a\n");
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.errors, report.of("users").added), (0, 1), "{:?}", report.findings);
    assert!(said(&report, "users.csv", "header", "stand in another order") == 1, "{:?}", report.findings);
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT given || ' ' || family FROM person").await.unwrap(), "Ana Núñez");
});

story!(words_in_another_case_are_understood_and_named_once_a_file, |world| {
    let set = Set::empty("1.1", "bulk", &["orgs", "academicSessions", "courses", "classes", "users", "enrollments"]);
    set.put("orgs", &ORGS.replace(",school,", ",School,"));
    set.put(
        "academicSessions",
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\nt,Active,,Fall,Semester,8/17/2026,2026-12-19,,2027\n",
    );
    set.put("courses", COURSES);
    set.put("classes", &CLASSES.replace("scheduled", "Scheduled").replace("Maths 5,05", "Maths 5,5"));
    set.put("users", &format!("{USERS_HEAD}{USERS}").replace(",student,", ",Student,"));
    set.put("enrollments", &format!("{ENROLLMENTS_HEAD}{ENROLLMENTS}").replace(",student,", ",STUDENT,"));
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.errors, 0, "{:?}", report.findings);
    for (file, field, words) in [
        ("orgs.csv", "type", "another case"),
        ("academicSessions.csv", "status", "another case"),
        ("academicSessions.csv", "type", "another case"),
        ("academicSessions.csv", "startDate", "month first"),
        ("classes.csv", "classType", "another case"),
        ("classes.csv", "grades", "CEDS"),
        ("users.csv", "role", "another case"),
        ("enrollments.csv", "role", "another case"),
    ] {
        assert_eq!(said(&report, file, field, words), 1, "{file} {field} in {:?}", report.findings);
    }
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT kind FROM academic_session").await.unwrap(), "semester");
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM section WHERE kind = 'scheduled'").await, 2);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM org WHERE kind = 'school'").await, 2);
});

story!(an_unknown_status_and_a_person_without_an_id_are_left_out_with_their_reason, |world| {
    let _ = import(world, Set::small().path()).await;
    let set = Set::small();
    set.change("users", "b,,,true", "b,paused,,true");
    set.change("users", "t1,,,true", ",,,true");
    set.change("enrollments", "e3,,,k1,s1,t1,teacher,true,,\n", "");
    let (report, changes) = import(world, set.path()).await;
    let reasons: Vec<(i64, &str, &str)> =
        report.findings.iter().filter(|f| f.severity == Severity::Error).map(|f| (f.row, f.field.as_str(), f.value.as_str())).collect();
    assert_eq!(reasons, [(2, "sourcedId", ""), (4, "status", "paused")]);
    assert_eq!(report.of("users").rejected, 2);
    let mut tx = world.read().await;
    // Ben stays as he was; Tina's record isn't there any more.
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE given = 'Ben' AND left_day IS NULL").await, 1);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE given = 'Tina' AND left_day IS NULL").await, 0);
    assert_eq!(changes.people.len(), 1);
});

story!(a_1_1_set_that_brings_roles_csv_is_read_with_a_warning, |world| {
    let set = Set::small();
    set.put("roles", &format!("{ROLES_1_2}r1,,,t1,primary,counselor,,,s2,\nr2,,,t1,secondary,teacher,,,s1,\n"));
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.errors, report.of("roles").added), (0, 2), "{:?}", report.findings);
    assert_eq!(said(&report, "roles.csv", "", "1.1 knows no such file"), 1, "{:?}", report.findings);
    assert_eq!(said(&report, "users.csv", "role", "not in roles.csv"), 1, "{:?}", report.findings);
    assert_eq!(report.skipped, [""; 0]);
    let mut tx = world.read().await;
    // Whom roles.csv names has the roles there; everybody else those of the own row.
    let school = "SELECT o.name FROM person p JOIN org o ON o.id = p.school_id WHERE p.given = 'Tina'";
    assert_eq!(text(&mut tx, school).await.unwrap(), "Second School");
    assert_eq!(text(&mut tx, "SELECT role FROM person WHERE given = 'Ana'").await.unwrap(), "student");
    drop(tx);
    let (again, changes) = import(world, set.path()).await;
    assert_eq!((again.of("users").unchanged, again.of("roles").unchanged, changes.people.len()), (4, 2, 0), "{:?}", again.counts);
});

story!(a_1_2_set_whose_users_carry_their_roles_is_read_with_a_warning, |world| {
    let set = Set::empty("1.2", "bulk", &["orgs", "users"]);
    set.put("orgs", ORGS);
    set.put("users", &format!("{USERS_HEAD}{USERS}"));
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.errors, report.of("users").added), (0, 4), "{:?}", report.findings);
    for column in ["role", "orgSourcedIds"] {
        assert_eq!(said(&report, "users.csv", column, "another version of OneRoster"), 1, "{:?}", report.findings);
    }
    let (again, _) = import(world, set.path()).await;
    assert_eq!(again.of("users").unchanged, 4);
    // The next export is as the standard has it: nobody is there twice.
    let mut tx = world.read().await;
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE role = 'student' AND left_day IS NULL").await, 2);
    drop(tx);

    let neither = Set::empty("1.2", "bulk", &["orgs", "users"]);
    neither.put("orgs", ORGS);
    neither.put("users", &format!("{USERS_1_2}p,,,true,pat,,Patricia,Poe,,,,,,,,,,Pat,,,,\n"));
    let problem = import_with(world, neither.path(), Wish::default()).await.unwrap_err();
    assert!(matches!(problem, Problem::Invalid(_)), "{problem}");
    assert!(problem.to_string().contains("roles.csv") || problem.to_string().contains("lacks orgSourcedIds, role"), "{problem}");
});

story!(a_position_keeps_the_source_s_own_word, |world| {
    let set = Set::small();
    set.put(
        "users",
        &format!(
            "{USERS_HEAD}t1,,,true,s1,teacher,tina,,Tina,Teal,,,,,,,,\n\
             x,,,true,s1,aide,al,,Al,Aid,,,,,,,,\n\
             y,,,true,d,Administrator,ada,,Ada,Ad,,,,,,,,\n\
             g1,,,true,d,parent,gia,,Gia,Núñez,,,,,,,,\n"
        ),
    );
    set.change("enrollments", ENROLLMENTS, "e3,,,k1,s1,t1,teacher,true,,\n");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.errors, 0, "{:?}", report.findings);
    let all = [
        held("Ada", "staff", "administrator"),
        held("Al", "staff", "aide"),
        held("Gia", "guardian", "parent"),
        held("Tina", "teacher", ""),
    ];
    assert_eq!(positions(world).await, all);

    // Another word for the same role is a change, and no other position.
    set.change("users", "s1,aide,al", "s1,proctor,al");
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.of("users").changed, report.of("users").unchanged), (1, 3));
    assert_eq!(positions(world).await[1], held("Al", "staff", "proctor"));
});

story!(a_position_keeps_the_word_of_1_2_too_through_a_delta, |world| {
    let set = set_1_2();
    set.change("roles", "r1,,,p,secondary,parent,,,d,\n", "r1,,,p,secondary,parent,,,d,\nr4,,,p,secondary,ext:nurse,,,s2,\n");
    let _ = import(world, set.path()).await;
    let pat = [
        held("Kim", "student", ""),
        held("Pat", "guardian", "parent"),
        held("Pat", "school_leader", "principal"),
        held("Pat", "staff", "ext:nurse"),
    ];
    assert_eq!(positions(world).await, pat);
    let delta = Set::empty("1.2", "delta", &["roles"]);
    delta.put("roles", &format!("{ROLES_1_2}r4,tobedeleted,2026-09-01T00:00:00Z,p,secondary,ext:nurse,,,s2,\n"));
    let _ = import(world, delta.path()).await;
    assert_eq!(positions(world).await, pat[..3]);
});

story!(a_birthday_comes_from_a_date_or_a_flag_and_what_the_school_set_stays, |world| {
    let with = |cells: [&str; 2]| {
        let set = Set::small();
        set.change("users", ",password\n", ",password,metadata.turns18,metadata.is18\n");
        set.change("users", "g1,05,\n", &format!("g1,05,,{},{}\n", cells[0], cells[1]));
        set
    };
    let birthday = async || {
        let mut tx = world.read().await;
        let sql = "SELECT COALESCE(turns_18, 0) FROM person WHERE given = 'Ana'";
        (number(&mut tx, sql).await, number(&mut tx, "SELECT COALESCE(turns_17, 0) FROM person WHERE given = 'Ana'").await)
    };
    let _ = import(world, Set::small().path()).await;
    assert_eq!(birthday().await, (0, 0));

    // The school sets a day by hand; a source that says nothing leaves it, also when the record changes otherwise.
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET turns_18 = $1, turns_17 = $2 WHERE given = 'Ana'")
        .bind(day("2027-03-04"))
        .bind(day("2026-03-04"))
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    let set = Set::small();
    set.change("users", "student,ana", "student,ana.nunez");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.of("users").changed, 1);
    assert_eq!(birthday().await, (day("2027-03-04").0, day("2026-03-04").0));

    // A flag doesn't say since when: the stored day stays. A date of the file wins.
    let _ = import(world, with(["", "TRUE"]).path()).await;
    assert_eq!(birthday().await, (day("2027-03-04").0, day("2026-03-04").0));
    let _ = import(world, with(["2027-05-06", ""]).path()).await;
    assert_eq!(birthday().await, (day("2027-05-06").0, day("2026-05-06").0));
    let _ = import(world, Set::small().path()).await;
    assert_eq!(birthday().await, (day("2027-05-06").0, day("2026-05-06").0));
});

story!(whom_the_source_calls_an_adult_is_one_from_today, |world| {
    let set = Set::small();
    set.change("users", ",password\n", ",password,metadata.adult\n");
    set.change("users", "g1,05,\n", "g1,12,,true\n");
    let _ = import(world, set.path()).await;
    let mut tx = world.read().await;
    assert_eq!(number(&mut tx, "SELECT turns_18 FROM person WHERE given = 'Ana'").await, day("2026-08-17").0);
    assert_eq!(number(&mut tx, "SELECT turns_17 FROM person WHERE given = 'Ana'").await, day("2025-08-17").0);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE turns_18 IS NULL").await, 3);
    drop(tx);
    // Tomorrow the same file says nothing new.
    world.go_to("2026-08-18");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.of("users").unchanged, 4);
});

story!(a_report_says_the_difference_by_school, |world| {
    let moved = |report: &ImportReport, school: &str, kind: &str| {
        let found = report.schools.iter().find(|s| s.school == school).and_then(|s| s.moved.get(kind)).copied().unwrap_or_default();
        (found.added, found.changed, found.left, found.returned)
    };
    let set = Set::small();
    let mut tx = world.read().await;
    let looked = Wish { dry_run: true, allow_leaving: false };
    let (dry, _) = assent::roster::oneroster::import(&mut tx, &world.operator(), &world.district, set.path(), looked).await.unwrap();
    drop(tx);
    let (first, _) = import(world, set.path()).await;
    assert_eq!(dry.schools, first.schools, "a dry run says the same");
    assert_eq!(moved(&first, "First School", "users"), (2, 0, 0, 0));
    assert_eq!(moved(&first, "Second School", "users"), (1, 0, 0, 0));
    assert_eq!(moved(&first, "Test District", "users"), (1, 0, 0, 0), "the guardian belongs to no school");
    assert_eq!(moved(&first, "First School", "enrollments"), (2, 0, 0, 0));
    assert_eq!(moved(&first, "Second School", "classes"), (1, 0, 0, 0));
    assert_eq!(moved(&first, "First School", "orgs"), (1, 0, 0, 0));

    set.change("users", "a,,,true,s1", "a,,,true,s2");
    set.change("users", "b,,,true", "b,,,false");
    set.change("enrollments", "e1,,,k1,s1,a,student,,2026-08-17,2027-05-29\n", "");
    set.change("classes", "k2,,,Maths 9", "k2,,,Algebra");
    let (second, _) = import(world, set.path()).await;
    assert_eq!(moved(&second, "Second School", "users"), (0, 1, 1, 0));
    assert_eq!(moved(&second, "First School", "users"), (0, 0, 0, 0));
    assert_eq!(moved(&second, "First School", "enrollments"), (0, 0, 1, 0));
    assert_eq!(moved(&second, "Second School", "classes"), (0, 1, 0, 0));
    for report in [&first, &second] {
        for kind in ["orgs", "users", "courses", "classes", "enrollments"] {
            let sum = report.schools.iter().filter_map(|s| s.moved.get(kind)).fold(0, |n, m| n + m.added + m.changed + m.left + m.returned);
            // The district's own record is counted by type, and has no school.
            assert_eq!(sum, report.of(kind).moved(), "{kind}");
        }
    }
    let (third, _) = import(world, set.path()).await;
    assert_eq!(third.schools, []);
    let (back, _) = import(world, Set::small().path()).await;
    assert_eq!(moved(&back, "Second School", "users"), (0, 0, 0, 1));
    assert_eq!(moved(&back, "First School", "enrollments"), (0, 0, 0, 1));
});
