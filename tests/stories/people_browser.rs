//! People, households and merging as a director sees them, in a real browser.

use assent::kernel::Role;

use crate::world::client::PASSWORD;

browser_story!(a_director_adds_a_substitute_sets_who_may_consent_and_merges_two_records, |world, browser| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    world.guardian("Gia Archer", &[&mary]).await;
    world.guardian("Tilda Teach", &[&mary]).await;
    let tilda = world.teacher(&harbor, "Tilda Teach").await;
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();

    browser.sign_in("dora", PASSWORD).await;
    browser.open_path("/roster/people").await;
    faults.extend(browser.faults("people-list").await);
    browser.resize(1280, 900).await;

    // A substitute until Christmas.
    browser.follow("Add a person").await;
    faults.extend(browser.faults("people-new").await);
    browser.resize(1280, 900).await;
    browser.press("Add this person").await;
    browser.shows("There is a problem").await;
    browser.shows("Give the first name").await;
    browser.shows("Choose what this person is.").await;
    faults.extend(browser.faults("people-new-wrong").await);
    browser.resize(1280, 900).await;
    browser.fill("First name", "Bo").await;
    browser.fill("Last name", "Beck").await;
    browser.click("input[name=kind][value=substitute]").await;
    browser.select("#school", &harbor.uid.to_string()).await;
    browser.set_day("#last_day", "2026-12-18").await;
    browser.press("Add this person").await;
    browser.shows("Bo Beck is on the roster").await;
    browser.shows("December 18, 2026").await;
    faults.extend(browser.faults("person-by-hand").await);
    browser.resize(1280, 900).await;

    // Many at a time.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    std::fs::write(&file, "given_name,family_name,email,kind,school\nRuth,Rao,ruth@example.org,board,\nX,Y,,wizard,Nowhere\n").unwrap();
    browser.open_path("/roster/people/csv").await;
    browser.type_in("#file", file.to_str().unwrap()).await;
    browser.press("Show what would change").await;
    browser.shows("This is none of the kinds.").await;
    browser.shows("2 cells can't be used, so nothing was changed.").await;
    faults.extend(browser.faults("people-csv-wrong").await);
    browser.resize(1280, 900).await;
    std::fs::write(
        &file,
        "given_name,family_name,email,kind,school\nRuth,Rao,ruth@example.org,board,\nBo,Beck,bo@example.org,substitute,Harbor Middle\n",
    )
    .unwrap();
    browser.open_path("/roster/people/csv").await;
    browser.type_in("#file", file.to_str().unwrap()).await;
    browser.press("Show what would change").await;
    browser.shows("Nothing was changed yet.").await;
    browser.shows("nothing becomes bo@example.org").await;
    faults.extend(browser.faults("people-csv-look").await);
    browser.resize(1280, 900).await;
    browser.press("Bring in these people").await;
    browser.shows("1 new, 1 changed, 0 as they were.").await;
    browser.shows("Rao, Ruth").await;

    // Who may consent for Mary.
    browser.open_path(&format!("/roster/people/{}", mary.uid)).await;
    faults.extend(browser.faults("person-student").await);
    browser.resize(1280, 900).await;
    browser.follow("Household").await;
    browser.shows("The school has not said: every guardian is asked, one answer is enough.").await;
    browser.choose("Only Gia Archer").await;
    browser.press("Save this").await;
    browser.shows("Say in at most 2,000 characters on what this rests").await;
    faults.extend(browser.faults("household-wrong").await);
    browser.resize(1280, 900).await;
    browser.fill("Why", "Order 7 of the county court").await;
    browser.press("Save this").await;
    browser.shows("Gia Archer alone may consent.").await;
    faults.extend(browser.faults("household").await);
    browser.resize(1280, 900).await;

    // Tilda is in the source twice.
    browser.open_path(&format!("/roster/people/{}", tilda.uid)).await;
    browser.follow("Merge with another record").await;
    browser.shows("The same e-mail address").await;
    faults.extend(browser.faults("merge-alike").await);
    browser.resize(1280, 900).await;
    browser.click("main section ul a").await;
    browser.shows("The other record brings 1 child.").await;
    faults.extend(browser.faults("merge-look").await);
    browser.resize(1280, 900).await;
    browser.press("Merge them").await;
    browser.shows("Also in the source as").await;
    browser.shows("Mary Archer").await;
    faults.extend(browser.faults("person-merged").await);
    browser.resize(1280, 900).await;
    browser.press("Español").await;
    browser.shows("También está en el sistema como").await;
    faults.extend(browser.faults("person-merged-es").await);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});
