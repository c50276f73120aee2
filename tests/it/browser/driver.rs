//! Chromium, driven from outside.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities, common::log::LoggingPrefsLogLevel, prelude::*};
use vungxanh::domain::actor::Role;

use crate::harness::{PASSWORD, TestApp};

/// A browser window of one width, with scripts or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub width: u32,
    pub has_scripts: bool,
}

/// The phone and the desk, with scripts and without.
pub const WINDOWS: [Window; 4] = [
    Window { width: 360, has_scripts: true },
    Window { width: 360, has_scripts: false },
    Window { width: 1280, has_scripts: true },
    Window { width: 1280, has_scripts: false },
];

/// chromedriver; it ends with this value.
struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("chromedriver ({e}): tests/run installs it"));
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "chromedriver ended before it listened");
            if let Some((_, port)) = line.trim().trim_end_matches('.').rsplit_once("started successfully on port ") {
                break port.to_owned();
            }
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, address: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// A person at a browser.
pub struct Browser {
    page: WebDriver,
    address: String,
    _driver: Driver,
}

impl Browser {
    /// Opens a window with nothing in it.
    pub async fn open(app: &TestApp, window: Window) -> Self {
        let driver = Driver::start();
        let mut asked = DesiredCapabilities::chrome();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=vi",
            "--window-size=1280,900",
        ] {
            asked.add_arg(flag).unwrap();
        }
        if !window.has_scripts {
            let no_scripts = json!({ "profile.managed_default_content_settings.javascript": 2 });
            asked.add_experimental_option("prefs", no_scripts).unwrap();
        }
        asked.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
        let page = WebDriver::new(&driver.address, asked).await.unwrap();
        page.set_script_timeout(Duration::from_mins(1)).await.unwrap();
        // A window cannot be as narrow as a phone, but what is drawn in it can.
        let metrics = json!({ "width": window.width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        let narrow = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        let address = format!("{}/session/{}/goog/cdp/execute", driver.address, page.session_id());
        assert!(app.stranger().http.post(address).json(&narrow).send().await.unwrap().status().is_success());
        Self { page, address: app.address.clone(), _driver: driver }
    }

    pub async fn close(self) {
        self.page.clone().quit().await.unwrap();
    }

    pub async fn go(&self, path: &str) {
        self.page.goto(format!("{}{path}", self.address)).await.unwrap();
    }

    /// Signs in as a new account with a role on a unit.
    pub async fn sign_in(&self, app: &TestApp, role: Role, unit: &str) {
        let username = app.add_account(role, unit).await;
        self.go("/dang-nhap").await;
        self.fill("#ten", &username).await;
        self.fill("#mk", PASSWORD).await;
        self.press("form[action='/dang-nhap'] button:not([type])").await;
        // Only who is signed in can sign out.
        self.find("form[action='/dang-xuat']").await;
    }

    /// The first element, as soon as it is there.
    pub async fn find(&self, css: &str) -> WebElement {
        match self.page.query(By::Css(css)).first().await {
            Ok(element) => element,
            Err(error) => panic!("{css} at {}: {error}\n{}", self.path().await, self.text().await),
        }
    }

    pub async fn fill(&self, css: &str, text: &str) {
        let input = self.find(css).await;
        input.clear().await.unwrap();
        input.send_keys(text).await.unwrap();
    }

    pub async fn press(&self, css: &str) {
        let element = self.find(css).await;
        element.scroll_into_view().await.unwrap();
        element.click().await.unwrap();
    }

    /// Path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.page.current_url().await.unwrap();
        url.as_str().trim_start_matches(&self.address).to_owned()
    }

    pub async fn title(&self) -> String {
        self.page.title().await.unwrap()
    }

    /// What a person reads on the page.
    pub async fn text(&self) -> String {
        // In one go: between finding the body and reading it another page may have come.
        let read = self.page.execute("return document.body ? document.body.innerText : ''", vec![]).await;
        read.ok().and_then(|text| text.json().as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until the page says so: what was pressed may still be on its way to the next page.
    pub async fn must_say(&self, words: &str) {
        for _ in 0..200 {
            if self.text().await.contains(words) {
                return;
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("no “{words}” at {}: {}", self.path().await, self.text().await);
    }

    /// An attribute of the element that has the focus.
    pub async fn focus(&self, attribute: &str) -> String {
        let focused = self.page.active_element().await.unwrap();
        focused.attr(attribute).await.unwrap().unwrap_or_default()
    }

    /// What a script says of the page.
    pub async fn ask(&self, script: &str) -> Value {
        self.page.execute(script, vec![]).await.unwrap().json().clone()
    }

    /// What a script says that answers later.
    pub async fn ask_later(&self, script: &str) -> Value {
        self.page.execute_async(script, vec![]).await.unwrap().json().clone()
    }

    /// What the browser complained about since it was last asked.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.page.browser_log().await.unwrap();
        entries.into_iter().map(|entry| format!("{}: {}", entry.level, entry.message)).collect()
    }
}
