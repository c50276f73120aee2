//! A real server on a free port, and those who talk to it.

use std::{
    fmt,
    net::TcpListener,
    sync::atomic::{AtomicI64, AtomicUsize, Ordering},
};

use actix_web::{dev::ServerHandle, rt, web::Data};
use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use chrono::Duration;
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};
use vungxanh::{
    clock::Clock,
    domain::actor::Role,
    store::Store,
    usecases::{
        UseCaseError,
        manage_accounts::{NewAccount, add_account},
    },
    web::{self, SigningKey, State, TrustedProxies},
};

use super::{Kind, NOW, TestDatabase, instant};

/// The password of every account the tests make.
pub const PASSWORD: &str = "một mật khẩu để thử";

/// A server with a database of its own and a clock that stands until it is moved.
pub struct TestApp {
    pub database: TestDatabase,
    pub store: Store,
    /// `http://127.0.0.1:…`
    pub address: String,
    /// What the server keeps between requests.
    pub state: Data<State>,
    clock: &'static AtomicI64,
    server: ServerHandle,
    accounts: AtomicUsize,
}

impl TestApp {
    /// Runs a test with an app on a seeded database; without that kind of database it only says so.
    pub fn run(kind: Kind, test: impl AsyncFnOnce(&Self)) {
        if !kind.is_here() {
            return;
        }
        // Before the runtime: whoever comes first makes the template, and waits for it on this thread.
        let database = TestDatabase::seeded(kind);
        rt::System::new().block_on(async {
            let app = Self::start(database);
            test(&app).await;
            app.server.stop(false).await;
        });
    }

    fn start(database: TestDatabase) -> Self {
        let store = database.store();
        let clock = Box::leak(Box::new(AtomicI64::new(instant(NOW).timestamp_micros())));
        let key = SigningKey::new(b"a key of at least thirty-two bytes").unwrap();
        let proxies = TrustedProxies::default();
        let state = State::new(store.clone(), Clock::Settable(clock), key, proxies, false).unwrap();
        let state = Data::new(state);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = web::start(state.clone(), vec![listener], None, 2).unwrap();
        let handle = server.handle();
        rt::spawn(server);
        Self { database, store, address, state, clock, server: handle, accounts: AtomicUsize::new(0) }
    }

    /// Moves the clock.
    pub fn advance(&self, by: Duration) {
        self.clock.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// Someone who is not signed in.
    pub fn stranger(&self) -> Client {
        Client { address: self.address.clone(), http: http(), username: String::new(), token: None, refresh: None }
    }

    /// Makes an account with a role on a unit, and signs it in.
    pub async fn account(&self, role: Role, unit: &str) -> Client {
        let username = self.add_account(role, unit).await;
        let mut client = self.stranger();
        let reply = client.sign_in(&username, PASSWORD).await;
        assert_eq!(reply.status, 200, "{reply}");
        client
    }

    /// Makes an account whose password is [`PASSWORD`]; its name.
    pub async fn add_account(&self, role: Role, unit: &str) -> String {
        let username = format!("{role}-{}", self.accounts.fetch_add(1, Ordering::SeqCst));
        let new = NewAccount {
            username: username.clone(),
            display_name: format!("Ông {username}"),
            password_hash: quick_hash(PASSWORD),
            role,
            unit: unit.to_owned(),
        };
        let now = self.state.clock.now();
        let added: Result<_, UseCaseError> = self.store.write(move |conn| add_account(conn, &new, now)).await;
        added.unwrap();
        username
    }
}

/// A hash that takes no time: tests sign in often. The program takes the cost from the hash.
fn quick_hash(password: &str) -> String {
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    cheap.hash_password(password.as_bytes()).unwrap().to_string()
}

pub fn http() -> reqwest::Client {
    // A connection kept for later may be closed by the server just as it is used again.
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0);
    builder.build().unwrap()
}

/// Someone who talks to the server.
#[derive(Clone)]
pub struct Client {
    pub address: String,
    pub http: reqwest::Client,
    pub username: String,
    pub token: Option<String>,
    pub refresh: Option<String>,
}

impl Client {
    /// Signs in through the API and keeps the tokens.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> Reply {
        let reply = self.post("/api/v1/session", &json!({ "username": username, "password": password })).await;
        username.clone_into(&mut self.username);
        if reply.status == 200 {
            self.keep_tokens(&reply);
        }
        reply
    }

    /// Keeps the tokens of an answer.
    pub fn keep_tokens(&mut self, reply: &Reply) {
        let text = |name: &str| reply.json()[name].as_str().map(str::to_owned);
        (self.token, self.refresh) = (text("access_token"), text("refresh_token"));
    }

    /// A request as this client sends it, with its token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::DELETE, path)).await
    }

    /// Reports figures that are true now: `figures` is cohort → measure → number.
    pub async fn post_report(&self, unit: &str, figures: Value) -> Reply {
        self.post("/api/v1/reports", &json!({ "unit": unit, "as_of": NOW, "figures": figures })).await
    }
}

/// What a stream that does not end says at once.
async fn first_words(response: &mut reqwest::Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut words = Vec::new();
    let pause = std::time::Duration::from_millis(150);
    while let Ok(chunk) = tokio::time::timeout(pause, response.chunk()).await {
        let Some(chunk) = chunk? else { break };
        words.extend(chunk);
    }
    Ok(words)
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub async fn to(request: reqwest::RequestBuilder) -> Self {
        Self::try_to(request).await.unwrap()
    }

    /// The answer, or why there is none.
    pub async fn try_to(request: reqwest::RequestBuilder) -> Result<Self, reqwest::Error> {
        let mut response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let is_endless = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_endless { first_words(&mut response).await? } else { response.bytes().await?.to_vec() };
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let mut reply = Self { status, content_type: String::new(), headers, body };
        reply.content_type = reply.header("content-type").to_owned();
        Ok(reply)
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self}"))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.status, self.content_type)?;
        match serde_json::from_str::<Value>(&self.body) {
            Ok(body) => write!(f, "{body:#}"),
            Err(_) => f.write_str(&self.body),
        }
    }
}
