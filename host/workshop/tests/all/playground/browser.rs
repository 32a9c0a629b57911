//! A browser without a window, driven through chromedriver.

use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(20);

/// A browser with a profile of its own. It is ended when dropped.
pub(super) struct Browser {
    pub(super) driver: WebDriver,
    _service: Child,
    _profile: TempDir,
}

impl Browser {
    /// Starts one and opens a page.
    pub(super) async fn open(address: &str) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let mut service = Command::new("chromedriver");
        service.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let Ok(mut service) = service.spawn() else {
            panic!("the tests start `chromedriver`: install it (Debian: `apt-get install chromium-driver`)")
        };
        let mut lines = BufReader::new(service.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().unwrap();
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        // What it says later is of no interest, but must not stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let mut wanted = DesiredCapabilities::chrome();
        let data = format!("--user-data-dir={}", profile.path().display());
        let quiet =
            ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
        let plain = ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", &data];
        for argument in quiet.into_iter().chain(plain) {
            wanted.add_arg(argument).unwrap();
        }
        wanted.set_browser_log_level(LoggingPrefsLogLevel::Warning).unwrap();
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.unwrap();
        driver.goto(address).await.unwrap();
        Browser { driver, _service: service, _profile: profile }
    }

    /// The element of a CSS selector, once there is one that can be seen.
    pub(super) async fn seen(&self, selector: &str) -> WebElement {
        let found = self.driver.query(By::Css(selector)).wait(PATIENCE, LOOK).and_displayed().first().await;
        found.unwrap_or_else(|error| panic!("{selector} is not to be seen: {error}"))
    }

    /// The same for one whose text has this in it.
    pub(super) async fn reads(&self, selector: &str, text: &str) -> WebElement {
        let text = text.to_owned();
        let has = move |element: WebElement| {
            let text = text.clone();
            async move { Ok(element.text().await.is_ok_and(|shown| shown.contains(&text))) }
        };
        let found = self.driver.query(By::Css(selector)).wait(PATIENCE, LOOK).with_filter(has).first().await;
        match found {
            Ok(found) => found,
            Err(error) => panic!("{error}; the page: {}", self.seen("body").await.text().await.unwrap()),
        }
    }

    /// Puts this into the command line, in place of what is there.
    pub(super) async fn write(&self, line: &str) {
        let input = self.seen("#line").await;
        input.clear().await.unwrap();
        input.send_keys(line).await.unwrap();
    }

    /// What a script returns; it may wait.
    pub(super) async fn script(&self, body: &str) -> serde_json::Value {
        let script = format!(
            "const done = arguments[0]; (async () => {{ {body} }})().then(done, (error) => done(`${{error.stack}}`));"
        );
        self.driver.execute_async(&script, Vec::new()).await.unwrap().json().clone()
    }

    /// Ends it; what the page complained about must be nothing.
    pub(super) async fn close(self) {
        let log = self.driver.browser_log().await.unwrap();
        let complaints: Vec<_> = log.iter().map(|entry| format!("{entry:?}")).collect();
        self.driver.quit().await.unwrap();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}
