//! Signing in, seen in a browser.

use crate::world::client::PASSWORD;

browser_story!(the_sign_in_page_is_for_everybody_in_both_languages, |_world, browser| {
    browser.open_path("/sign-in").await;
    browser.shows("Your user name or e-mail address").await;
    browser.check_page("sign-in-en").await;
    browser.press("Español").await;
    browser.comes_to("/sign-in").await;
    browser.shows("Su nombre de usuario o correo electrónico").await;
    browser.check_page("sign-in-es").await;
});

browser_story!(a_wrong_password_is_said_and_the_name_is_kept, |world, browser| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    browser.open_path("/sign-in").await;
    browser.fill("Your user name or e-mail address", "rosa").await;
    browser.fill("Your password", "not the right one").await;
    browser.press("Sign in").await;
    browser.shows("There is a problem").await;
    browser.shows("This name and password don't go together").await;
    assert!(browser.title().await.starts_with("Error: Sign in"));
    assert_eq!(browser.value("Your user name or e-mail address").await, "rosa");
    assert_eq!(browser.value("Your password").await, "");
    browser.check_page("sign-in-wrong").await;
});

browser_story!(the_right_password_leads_to_what_is_to_be_done, |world, browser| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    browser.open_path("/tasks").await;
    assert!(browser.path().await.starts_with("/sign-in?next="));
    browser.fill("Your user name or e-mail address", "rosa").await;
    browser.fill("Your password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.comes_to("/tasks").await;
    browser.shows("Hello Rosa, nothing to do").await;
    browser.check_page("tasks-none").await;
    browser.press("Sign out").await;
    browser.comes_to("/sign-in").await;
});

browser_story!(signing_in_works_without_javascript, without_javascript, |world, browser| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    browser.sign_in("rosa", PASSWORD).await;
    browser.shows("Hello Rosa, nothing to do").await;
});

browser_story!(what_is_wrong_with_a_page_is_found, |_world, browser| {
    browser.open_path("/sign-in").await;
    browser.resize(320, 640).await;
    assert!(browser.axe().await.is_empty());
    assert_eq!(browser.overflow().await, 0);
    browser
        .evaluate(
            "document.querySelector('label').remove(); document.documentElement.removeAttribute('lang'); \
             document.querySelector('h1').style.cssText = 'color: #999; width: 400px'; 0",
        )
        .await;
    let mut rules: Vec<String> = browser.axe().await.into_iter().map(|v| v.rule).collect();
    rules.sort();
    assert_eq!(rules, ["color-contrast", "html-has-lang", "label"]);
    assert!(browser.overflow().await > 0);
});
