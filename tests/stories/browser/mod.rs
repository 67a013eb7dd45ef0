//! Pages in a real browser: chromedriver and Chromium on this machine, the real server in this process on a story's database and clock.
//! Only where `ASSENT_TEST_BROWSER=1`; `tests/run` sets it. A story is written with `browser_story!`; it runs on SQLite alone, because
//! what a browser sees hardly depends on the engine; a story that goes through the whole product says `on_both`.

#![allow(dead_code)] // steps for stories to come

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use assent::cli::serve::{self, Beside};
use assent::web::Listen;
use rocket::fairing::AdHoc;
use serde_json::{Value, json};
use thirtyfour::{By, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver, WebElement};

use crate::world::World;

/// A story in a browser: `browser_story!(name, |world, browser| { … });`, or with `without_javascript` or `on_both` after the name.
#[macro_export]
macro_rules! browser_story {
    ($name:ident, |$world:ident, $browser:ident| $body:block) => {
        browser_story!($name, true, |$world, $browser| $body);
    };
    ($name:ident, without_javascript, |$world:ident, $browser:ident| $body:block) => {
        browser_story!($name, false, |$world, $browser| $body);
    };
    ($name:ident, on_both, |$world:ident, $browser:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[allow(clippy::too_many_lines)] // a story is told in one go
            async fn story($world: &$crate::world::World, $browser: &$crate::browser::Browser) $body

            async fn told(world: $crate::world::World) {
                let browser = $crate::browser::Browser::open(&world, true).await;
                story(&world, &browser).await;
                browser.close().await;
                world.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                if $crate::browser::wanted() {
                    told($crate::world::World::on_sqlite().await).await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if $crate::browser::wanted()
                    && let Some(world) = $crate::world::World::on_postgres().await
                {
                    told(world).await;
                }
            }
        }
    };
    ($name:ident, $scripts:literal, |$world:ident, $browser:ident| $body:block) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            async fn story($world: &$crate::world::World, $browser: &$crate::browser::Browser) $body
            if !$crate::browser::wanted() {
                return;
            }
            let world = $crate::world::World::on_sqlite().await;
            let browser = $crate::browser::Browser::open(&world, $scripts).await;
            story(&world, &browser).await;
            browser.close().await;
            world.close().await;
        }
    };
}

mod doors;

/// Whether browsers are asked for; says what is left out where they are not.
pub fn wanted() -> bool {
    let wanted = std::env::var("ASSENT_TEST_BROWSER").is_ok_and(|v| v == "1");
    if !wanted {
        eprintln!("left out in the browser: ASSENT_TEST_BROWSER is not 1 (tests/run sets it)");
    }
    wanted
}

/// Every browser's window sizes in [`Browser::check_page`]: a small telephone, a laptop.
const SIZES: [(u32, u32); 2] = [(320, 640), (1280, 900)];

/// How often a page is looked at, every 50 ms, before its words are missed.
const PATIENCE: u32 = 200;

/// One browser, signed in as nobody. Dropped, it ends whatever it started.
pub struct Browser {
    // In this order: the session says goodbye to Chromium through chromedriver, then chromedriver ends.
    driver: WebDriver,
    processes: Processes,
    server: rocket::Shutdown,
    serving: tokio::task::JoinHandle<()>,
    site: String,
}

/// chromedriver, and the folder by which its Chromium is known.
struct Processes {
    chromedriver: Child,
    profile: tempfile::TempDir,
}

impl Drop for Processes {
    fn drop(&mut self) {
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
        // A Chromium that outlived its driver carries our own folder in its command line.
        let ours = self.profile.path().display().to_string();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let is_ours = std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(&ours));
            if is_ours && let Some(pid) = entry.file_name().to_str() {
                let _ = Command::new("kill").args(["-KILL", pid]).stderr(Stdio::null()).status();
            }
        }
    }
}

/// What axe found against a page.
#[derive(Debug)]
pub struct Violation {
    pub rule: String,
    /// minor, moderate, serious, critical.
    pub impact: String,
    /// What is wrong and how to mend it, per element.
    pub nodes: Vec<String>,
}

impl Browser {
    /// Starts server and browser. Panics with what is missing.
    pub async fn open(world: &World, scripts: bool) -> Self {
        let (server, serving, port) = serve(world).await;
        let (processes, driver_port) = start_chromedriver();
        let driver = WebDriver::new(format!("http://127.0.0.1:{driver_port}"), capabilities(&processes)).await.unwrap();
        let browser = Self { driver, processes, server, serving, site: format!("http://127.0.0.1:{port}") };
        browser.scripts(scripts).await;
        browser.resize(1280, 900).await;
        browser
    }

    pub async fn close(self) {
        self.driver.quit().await.unwrap();
        drop(self.processes);
        self.server.notify();
        self.serving.await.unwrap();
    }

    async fn cdp(&self, method: &str, params: Value) -> Value {
        self.driver.cdp().send_raw(method, params).await.unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    /// Whether pages may run JavaScript from now on.
    pub async fn scripts(&self, on: bool) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
        if !on {
            self.driver.goto("data:text/html,<title>off</title><script>document.title = 'on'</script>").await.unwrap();
            assert_eq!(self.title().await, "off", "JavaScript still runs");
        }
    }

    /// Runs JavaScript by the debugger, whatever the page's own policy forbids. The expression's value; promises are awaited.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let answer = self.cdp("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true, "awaitPromise": true })).await;
        assert!(answer.get("exceptionDetails").is_none(), "the browser could not evaluate: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Opens a path of the site.
    pub async fn open_path(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.site)).await.unwrap();
    }

    /// The present path and query.
    pub async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().to_string().strip_prefix(&self.site).unwrap_or_default().to_owned()
    }

    /// Panics unless the browser comes to that path, soon: a page that answers a form may take its time on a busy machine.
    pub async fn comes_to(&self, path: &str) {
        for _ in 0..PATIENCE {
            if self.path().await == path {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{path} is expected, the browser is at {}:\n{}", self.path().await, self.text().await);
    }

    pub async fn title(&self) -> String {
        self.driver.title().await.unwrap()
    }

    /// The text that is seen.
    pub async fn text(&self) -> String {
        // The page may just be giving way to the next one: then nothing is seen.
        let text = self.driver.execute("return document.body ? document.body.innerText : ''", Vec::new()).await;
        text.ok().and_then(|t| t.json().as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Panics with the page's text unless it shows these words, soon: a form with a file takes a moment to be sent.
    pub async fn shows(&self, words: &str) {
        let mut text = self.text().await;
        for _ in 0..PATIENCE {
            if text.contains(words) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            text = self.text().await;
        }
        assert!(text.contains(words), "“{words}” isn't on {}:\n{text}", self.path().await);
    }

    /// The field with that label.
    pub async fn field(&self, label: &str) -> WebElement {
        let found = self.one(&format!("//label[normalize-space()={}]", quoted(label)), "label", label).await;
        match found.attr("for").await.unwrap() {
            Some(id) => self.driver.find(By::Id(id)).await.unwrap(),
            None => found.find(By::Css("input, select, textarea")).await.unwrap(),
        }
    }

    /// Replaces what stands in the field with that label.
    pub async fn fill(&self, label: &str, value: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// What stands in the field with that label.
    pub async fn value(&self, label: &str) -> String {
        self.field(label).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// The element of that CSS selector, as soon as it is there.
    async fn there(&self, css: &str) -> WebElement {
        for _ in 0..PATIENCE {
            if let Ok(found) = self.driver.find(By::Css(css)).await {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no {css} on {}:\n{}", self.path().await, self.text().await)
    }

    /// Clicks what has no words of its own.
    pub async fn click(&self, css: &str) {
        self.there(css).await.click().await.unwrap();
    }

    /// Types into the field of that CSS selector, or chooses the file with that path.
    pub async fn type_in(&self, css: &str, value: &str) {
        self.there(css).await.send_keys(value).await.unwrap();
    }

    /// Chooses the option with that value.
    pub async fn select(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value=\"{value}\"]")).await;
    }

    /// Sets a date, `YYYY-MM-DD`: how it is typed depends on the machine.
    pub async fn set_day(&self, css: &str, day: &str) {
        self.there(css).await;
        self.evaluate(&format!("document.querySelector('{css}').value = '{day}'")).await;
    }

    /// The words of everything that the CSS selector finds.
    pub async fn words(&self, css: &str) -> Vec<String> {
        let mut words = Vec::new();
        for found in self.driver.find_all(By::Css(css)).await.unwrap() {
            words.push(found.text().await.unwrap());
        }
        words
    }

    /// Ticks the box or chooses the button with that label.
    pub async fn choose(&self, label: &str) {
        self.field(label).await.click().await.unwrap();
    }

    /// Presses the button with that text (what only screen readers read counts).
    pub async fn press(&self, text: &str) {
        let button = self.one(&format!("//button[normalize-space()={}]", quoted(text)), "button", text).await;
        self.click_through(button).await;
    }

    /// Presses a button that leads nowhere: what it does is done on the page.
    pub async fn press_here(&self, text: &str) {
        self.one(&format!("//button[normalize-space()={}]", quoted(text)), "button", text).await.click().await.unwrap();
    }

    /// Follows the link with that text (what only screen readers read counts).
    pub async fn follow(&self, text: &str) {
        let link = self.one(&format!("//a[normalize-space()={}]", quoted(text)), "a", text).await;
        self.click_through(link).await;
    }

    /// Clicks, and waits until the page that it leads to is there: the driver returns before a slow machine has left the old one.
    async fn click_through(&self, element: WebElement) {
        let from = self.path().await;
        self.evaluate("window.left = false").await;
        element.click().await.unwrap();
        for _ in 0..PATIENCE {
            let arrived = self.driver.execute("return window.left === undefined && document.readyState === 'complete'", Vec::new()).await;
            if arrived.is_ok_and(|answer| answer.json() == &json!(true)) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("a click on {from} led nowhere:\n{}", self.text().await);
    }

    async fn one(&self, path: &str, kind: &str, text: &str) -> WebElement {
        for _ in 0..PATIENCE {
            if let Ok(found) = self.driver.find(By::XPath(path)).await {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let there = self.evaluate(&format!("[...document.querySelectorAll('{kind}')].map(e => e.textContent.trim()).join(' | ')")).await;
        panic!("no {kind} “{text}” on {}; there are: {there}", self.path().await)
    }

    /// Presses a key of the keyboard: `Tab`, `Enter`, or a space.
    pub async fn key(&self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            " " => (32, " "),
            other => panic!("no key {other:?}"),
        };
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "text": if kind == "keyDown" { text } else { "" } });
            self.cdp("Input.dispatchKeyEvent", event).await;
        }
    }

    /// What has the focus: its words, or a field's name.
    pub async fn focused(&self) -> String {
        let words = self.evaluate("(e => e.textContent.trim() || e.name || '')(document.activeElement)").await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Goes on by the keyboard until that has the focus, and presses the key there.
    pub async fn key_on(&self, words: &str, key: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            self.key("Tab").await;
            let focused = self.focused().await;
            if focused.contains(words) {
                let seen = self.evaluate("getComputedStyle(document.activeElement).outlineStyle").await;
                assert_eq!(seen, "solid", "“{words}” has the focus, and nobody sees it");
                self.key(key).await;
                return;
            }
            passed.push(focused);
        }
        panic!("the keyboard never comes to “{words}” on {}: {passed:?}", self.path().await);
    }

    /// Signs in on the page, in whatever language it is.
    pub async fn sign_in(&self, login: &str, password: &str) {
        self.open_path("/sign-in").await;
        for (id, value) in [("login", login), ("password", password)] {
            self.driver.find(By::Id(id)).await.unwrap().send_keys(value).await.unwrap();
        }
        let button = self.driver.find(By::Css("main form button")).await.unwrap();
        self.click_through(button).await;
    }

    /// The page's size in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Whether the reader prefers dark colours.
    pub async fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] })).await;
    }

    /// A picture of the whole page in `target/screens/`, for people to look at.
    pub async fn screenshot(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens");
        std::fs::create_dir_all(&folder).unwrap();
        let (width, height) = (self.number("innerWidth").await, self.number("innerHeight").await);
        self.resize(width, self.number("document.documentElement.scrollHeight").await.max(height)).await;
        self.driver.screenshot(&folder.join(format!("{name}.png"))).await.unwrap();
        self.resize(width, height).await;
    }

    async fn number(&self, expression: &str) -> u32 {
        u32::try_from(self.evaluate(expression).await.as_u64().unwrap()).unwrap()
    }

    /// The accessibility rules that the page breaks: WCAG 2.2 A and AA, and axe's own good practice.
    pub async fn axe(&self) -> Vec<Violation> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(file).expect("axe-core isn't there: run `npm ci` in tests/browser");
        self.evaluate(&format!("if (!window.axe) {{ {source}; }} 0")).await;
        let found = self
            .evaluate(
                "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => \
                 r.violations.map(v => ({ rule: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html + '\\n      ' + n.failureSummary) })))",
            )
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let violations = found.as_array().expect("axe gives a list");
        violations
            .iter()
            .map(|v| Violation {
                rule: text(&v["rule"]),
                impact: text(&v["impact"]),
                nodes: v["nodes"].as_array().into_iter().flatten().map(text).collect(),
            })
            .collect()
    }

    /// By how many pixels the page is wider than the window.
    pub async fn overflow(&self) -> u32 {
        self.number("document.documentElement.scrollWidth").await.saturating_sub(self.number("innerWidth").await)
    }

    /// Nothing has to be scrolled sideways (WCAG 1.4.10).
    pub async fn no_overflow(&self) {
        let over = self.overflow().await;
        assert_eq!(over, 0, "{} is {over} pixels wider than its window", self.path().await);
    }

    /// The present page, small and large, light and dark: axe finds nothing, nothing overflows; a picture of each.
    pub async fn check_page(&self, name: &str) {
        let faults = self.faults(name).await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// What [`Browser::check_page`] finds, for a story that goes on and tells all of it at its end.
    pub async fn faults(&self, name: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for (width, height) in SIZES {
            self.resize(width, height).await;
            for (dark, scheme) in [(false, "light"), (true, "dark")] {
                self.dark(dark).await;
                self.screenshot(&format!("{name}-{width}-{scheme}")).await;
                let over = self.overflow().await;
                if over > 0 {
                    faults.push(format!("{name} is {over} pixels wider than a window of {width}"));
                }
                let found = self.axe().await;
                if !found.is_empty() {
                    faults.push(format!("axe on {name}, {width} pixels, {scheme}:\n{}", listed(&found)));
                }
            }
        }
        self.dark(false).await;
        faults
    }
}

fn listed(violations: &[Violation]) -> String {
    violations.iter().map(|v| format!("  {} ({})\n    {}", v.rule, v.impact, v.nodes.join("\n    "))).collect::<Vec<_>>().join("\n")
}

/// The text as a string of `XPath`, which knows no escapes.
fn quoted(text: &str) -> String {
    let parts: Vec<String> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    if parts.len() == 1 { parts[0].clone() } else { format!("concat({})", parts.join(", '\"', ")) }
}

/// The server on a free port of the loopback address, with its worker as the real one.
async fn serve(world: &World) -> (rocket::Shutdown, tokio::task::JoinHandle<()>, u16) {
    let (said, port) = tokio::sync::oneshot::channel();
    let said = std::sync::Mutex::new(Some(said));
    let rocket = serve::server(&Listen::locally(world.url.clone(), 0), world.clock.clone(), Beside::default())
        .attach(AdHoc::on_liftoff("port", move |rocket| {
            let (port, said) = (rocket.config().port, said.lock().unwrap().take());
            Box::pin(async move {
                if let Some(said) = said {
                    let _ = said.send(port);
                }
            })
        }))
        .ignite()
        .await
        .unwrap();
    let shutdown = rocket.shutdown();
    let serving = tokio::spawn(async move { drop(rocket.launch().await.unwrap()) });
    (shutdown, serving, port.await.unwrap())
}

/// chromedriver on a port that it chooses itself and says.
fn start_chromedriver() -> (Processes, u16) {
    let profile = tempfile::tempdir().unwrap();
    let chromedriver = Command::new("chromedriver")
        .arg("--port=0")
        // Whatever the two leave lying about goes with the folder.
        .env("TMPDIR", profile.path())
        .env("XDG_CONFIG_HOME", profile.path())
        .env("XDG_CACHE_HOME", profile.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver can't be started: install Debian's chromium-driver");
    let mut processes = Processes { chromedriver, profile };
    let said = BufReader::new(processes.chromedriver.stdout.take().unwrap());
    let port = said
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("started successfully on port ").and_then(|(_, rest)| rest.trim_end_matches('.').parse().ok()))
        .expect("chromedriver says its port");
    (processes, port)
}

fn capabilities(processes: &Processes) -> thirtyfour::ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    if let Some(chromium) = chromium() {
        wanted.set_binary(&chromium.display().to_string()).unwrap();
    }
    let profile = format!("--user-data-dir={}", processes.profile.path().display());
    for flag in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en-US",
        &profile,
    ] {
        wanted.add_arg(flag).unwrap();
    }
    wanted
}

/// Chromium by the names under which it is installed.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
