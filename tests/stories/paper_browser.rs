//! A school enters a class's paper forms, in a real browser: half of them by their codes, half by ticking the list.

use assent::acknowledgments::paper::{self, Wanted};
use assent::kernel::Role;
use assent::on;
use uuid::Uuid;

use crate::browser::Browser;
use crate::forms::family_form;
use crate::world::World;
use crate::world::client::PASSWORD;

/// Science 6 with 24 students, a third of whose families read Spanish; the requirement that asks their guardians.
async fn class_of_24(world: &World) -> Uuid {
    const FAMILIES: [&str; 24] = [
        "Archer", "Baker", "Cole", "Diaz", "Evans", "Flores", "Garcia", "Hughes", "Ibarra", "Jones", "Khan", "Lopez", "Moore", "Nguyen",
        "Ortiz", "Price", "Quinn", "Ramos", "Silva", "Turner", "Usman", "Vega", "Walker", "Young",
    ];
    let harbor = world.school("Harbor Middle").await;
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    let mut students = Vec::new();
    for (at, family) in FAMILIES.iter().enumerate() {
        let student = world.student(&harbor, &format!("{} {family}", ["Mary", "Noah", "Ana"][at % 3]), "06").await;
        let guardian = world.guardian(&format!("{} {family}", ["Gia", "Ben", "Luz"][at % 3]), &[&student]).await;
        if at % 3 == 2 {
            let mut tx = world.write().await;
            on!(tx, |c| sqlx::query("UPDATE person SET language = 'es' WHERE id = $1").bind(guardian.id).execute(c).await.map(drop))
                .unwrap();
            tx.commit().await.unwrap();
        }
        students.push(student);
    }
    let class: Vec<_> = students.iter().collect();
    world.section(&harbor, "Science 6, period 2", &teacher, &class).await;
    family_form(world).await.0
}

/// The page small and large, light and dark; what is wrong with it is told at the story's end.
async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(name).await);
    browser.resize(1280, 900).await;
}

browser_story!(a_school_enters_the_forms_of_a_class_by_codes_and_by_list, |world, browser| {
    let requirement = class_of_24(world).await;
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();

    // The way from the figure to the forms.
    browser.sign_in("dora", PASSWORD).await;
    browser.open_path(&format!("/audit/{requirement}/people?state=open")).await;
    browser.follow("Print paper forms").await;
    browser.shows("Science 6, period 2").await;
    browser.shows("24 forms to print").await;
    look(browser, "paper-print", &mut faults).await;
    let mut tx = world.write().await;
    let printed = paper::print(&mut tx, &world.operator(), requirement, Wanted::default()).await.unwrap();
    tx.commit().await.unwrap();
    let codes: Vec<&str> = printed.forms.iter().map(|form| form.code.as_str()).collect();
    assert_eq!(codes.len(), 24);

    // Twelve by their codes, as a scanner sends them, one with a slip.
    browser.follow("Enter paper forms").await;
    browser.shows("24 forms of “Family agreement”").await;
    look(browser, "paper-start", &mut faults).await;
    browser.press("Look up these forms").await;
    browser.shows("There is a problem").await;
    let slip = format!("{}-{}", &codes[11][5..], &codes[11][..4]);
    let mut typed = codes[..11].join("\n");
    typed.push('\n');
    browser.type_in("#codes", &format!("{typed}{slip}")).await;
    browser.press("Look up these forms").await;
    browser.shows("11 forms were found.").await;
    browser.shows("This is no code.").await;
    look(browser, "paper-batch-slip", &mut faults).await;
    browser.fill("More codes", codes[11]).await;
    browser.press("Look up these too").await;
    browser.shows("12 forms were found.").await;
    browser.press("Show what would be kept").await;
    browser.shows("Say how you enter them").await;
    browser.click("#all-yes").await;
    browser.click(&format!("[name=\"rows[{}].choice[image]\"][value=no]", codes[2])).await;
    look(browser, "paper-batch", &mut faults).await;
    browser.press("Show what would be kept").await;
    browser.shows("12 answers, 1 of them with a no.").await;
    browser.shows("1 Yes · 2 Yes · 3 No · 4 Yes").await;
    browser.press("Keep these 12 answers").await;
    browser.shows("Look at the signature on each form").await;
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("scan.pdf");
    std::fs::write(&scan, b"MZ this is no PDF").unwrap();
    browser.click("#signed").await;
    browser.type_in("#scan", scan.to_str().unwrap()).await;
    browser.press("Keep these 12 answers").await;
    browser.shows("This is no PDF, JPEG or PNG").await;
    look(browser, "paper-preview", &mut faults).await;
    std::fs::write(&scan, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n").unwrap();
    browser.click("#signed").await;
    browser.type_in("#scan", scan.to_str().unwrap()).await;
    browser.press("Keep these 12 answers").await;
    browser.shows("12 answers are kept.").await;
    browser.shows("12 forms of “Family agreement”").await;
    look(browser, "paper-start-after", &mut faults).await;

    // The other twelve by the list, of which one isn't back, and one says no to everything.
    browser.follow("12 forms of “Family agreement”").await;
    browser.shows("12 forms are out.").await;
    browser.click("#all-yes").await;
    for consent in ["account", "tools", "image", "ai"] {
        browser.click(&format!("[name=\"rows[{}].choice[{consent}]\"][value=no]", codes[14])).await;
    }
    browser.click(&format!("#row-{} summary", codes[20])).await;
    browser.click(&format!("[name=\"rows[{}].skip\"]", codes[20])).await;
    look(browser, "paper-list", &mut faults).await;
    browser.press("Show what would be kept").await;
    browser.shows("11 answers, 1 of them with a no.").await;
    browser.shows("1 form is left out").await;
    browser.click("#signed").await;
    browser.press("Keep these 11 answers").await;
    browser.shows("11 answers are kept.").await;
    browser.shows("1 form of “Family agreement”").await;

    // One form, and the receipt.
    browser.open_path(&format!("/paper/forms/{}", codes[2])).await;
    browser.shows("Entered on August 17, 2026").await;
    browser.click("details summary").await;
    look(browser, "paper-form", &mut faults).await;
    browser.press("Enter it again").await;
    browser.shows("Say why it is entered again").await;
    look(browser, "paper-form-wrong", &mut faults).await;
    browser.open_path("/paper").await;
    browser.click("section ul.lines a").await;
    browser.shows("Answered on paper, entered by Dora Director, form").await;
    look(browser, "paper-receipt", &mut faults).await;
    browser.press("Español").await;
    browser.shows("Respondido en papel, registrado por Dora Director, formulario").await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});
