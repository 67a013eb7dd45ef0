//! Pages without a browser: the real server on a story's database and clock, asked directly. It keeps cookies as a browser does and
//! sends what a browser sends with a form of our own.

#![allow(dead_code)] // builders for stories to come

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use assent::identity::accounts::{self, NewAccount};
use assent::identity::sessions;
use assent::kernel::{AccountId, Role};
use assent::web::desk::SESSION_COOKIE;
use assent::web::{self, Listen};
use rocket::http::{ContentType, Cookie, Header};
use rocket::local::asynchronous::{Client as Local, LocalRequest};

use super::World;

/// The password of every account that [`World::account_named`] makes.
pub const PASSWORD: &str = "seven quiet otters";

/// Where requests come from unless a story says otherwise.
const HOME: &str = "203.0.113.7";

/// What was answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    /// The header of that name (in lower case), the first of several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The `Set-Cookie` of that cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers.iter().filter(|(n, _)| n == "set-cookie").map(|(_, v)| v.as_str()).find(|v| v.starts_with(&format!("{name}=")))
    }
}

pub struct Client {
    local: Local,
    /// What the browser keeps, by name.
    cookies: Mutex<BTreeMap<String, String>>,
    address: SocketAddr,
}

impl World {
    /// The pages of this world, for a visitor without cookies.
    pub async fn client(&self) -> Client {
        self.client_of(&Listen::locally(self.url.clone(), 0)).await
    }

    /// The same, on a server for which a mail server is set up.
    pub async fn client_with_mail(&self) -> Client {
        let rocket = web::rocket(&Listen::locally(self.url.clone(), 0), self.clock.clone()).manage(web::MailSetUp(true));
        Self::asking(Local::untracked(rocket).await.unwrap())
    }

    /// The same, with other settings.
    pub async fn client_of(&self, listen: &Listen) -> Client {
        Self::asking(Local::untracked(web::rocket(listen, self.clock.clone())).await.unwrap())
    }

    fn asking(local: Local) -> Client {
        Client { local, cookies: Mutex::default(), address: SocketAddr::new(HOME.parse().unwrap(), 40_000) }
    }

    /// An account without a person on the roster, with roles over the whole district and [`PASSWORD`].
    pub async fn account_named(&self, login: &str, name: &str, roles: &[Role]) -> AccountId {
        let mut tx = self.write().await;
        let new = NewAccount {
            login: login.into(),
            name: name.into(),
            password: Some(PASSWORD.into()),
            roles: roles.iter().map(|role| (*role, self.district.root)).collect(),
            last_day: roles.contains(&Role::Auditor).then(|| super::day("2027-06-30")),
            ..NewAccount::default()
        };
        let account = accounts::add(&mut tx, &self.operator(), new).await.unwrap();
        tx.commit().await.unwrap();
        account
    }
}

impl Client {
    /// Method and address of every route there is.
    pub fn routes(&self) -> Vec<(String, String)> {
        self.local.rocket().routes().map(|route| (route.method.to_string(), route.uri.to_string())).collect()
    }

    /// From now on requests come from that address.
    pub fn come_from(&mut self, address: &str) {
        self.address.set_ip(address.parse::<IpAddr>().unwrap());
    }

    /// Somebody's browser, signed in.
    pub async fn of(world: &World, account: AccountId) -> Self {
        let client = world.client().await;
        client.sign_in_as(world, account).await;
        client
    }

    /// Begins a session without the sign-in page.
    pub async fn sign_in_as(&self, world: &World, account: AccountId) {
        let mut tx = world.write().await;
        let token = sessions::begin(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        self.set_cookie(SESSION_COOKIE, token.for_cookie());
    }

    /// Signs in on the page.
    pub async fn sign_in(&self, login: &str, password: &str) -> Reply {
        self.post("/sign-in", &[("login", login), ("password", password)]).await
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.local.get(path.to_owned())).await
    }

    /// Sends a form as our own page does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_with(path, fields, &[("Sec-Fetch-Site", "same-origin")]).await
    }

    /// Sends a form with exactly these headers.
    pub async fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Reply {
        let mut request = self.local.post(path.to_owned()).header(ContentType::Form).body(form(fields));
        for (name, value) in headers {
            request.add_header(Header::new((*name).to_owned(), (*value).to_owned()));
        }
        self.send(request).await
    }

    /// Sends a form with a file, as a browser does.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], field: &str, name: &str, bytes: &[u8]) -> Reply {
        const EDGE: &str = "----the-edge-of-a-part";
        let mut body = Vec::new();
        for (key, value) in fields {
            body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/zip");
        body.extend(format!("--{EDGE}\r\n{head}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
        let kind = Header::new("Content-Type", format!("multipart/form-data; boundary={EDGE}"));
        let request = self.local.post(path.to_owned()).header(kind).header(Header::new("Sec-Fetch-Site", "same-origin")).body(body);
        self.send(request).await
    }

    async fn send(&self, request: LocalRequest<'_>) -> Reply {
        let kept: Vec<Cookie<'static>> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| Cookie::new(name.clone(), value.clone())).collect();
        let response = request.cookies(kept).remote(self.address).dispatch().await;
        for set in response.headers().get("Set-Cookie") {
            let cookie = Cookie::parse_encoded(set).unwrap();
            if set.contains("Max-Age=0") {
                self.cookies.lock().unwrap().remove(cookie.name());
            } else {
                self.set_cookie(cookie.name(), cookie.value());
            }
        }
        let status = response.status().code;
        let headers = response.headers().iter().map(|h| (h.name().as_str().to_lowercase(), h.value().to_owned())).collect();
        let body = String::from_utf8_lossy(&response.into_bytes().await.unwrap_or_default()).into_owned();
        Reply { status, headers, body }
    }
}

/// The fields as `application/x-www-form-urlencoded`.
fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| rocket::http::RawStr::new(text).percent_encode().to_string();
    fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}
