//! Projects that are built, and the sandbox that runs what came out, with a world outside that the tests can look at.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use autocontent_runtime::contract::{
    Argument, Audience, Choice, Failure, Page, Partial, Place, Press, Request, Trigger, Value, http, log::Level,
    settings, storage,
};
use autocontent_runtime::{
    Call, Capabilities, Clock, CompileLimits, Compiler, Http, Log, Provider, Runtime, RuntimeConfig, SeededRandom,
    Settings, Storage, compile_child_main,
};
use autocontent_workshop::{Console, Effort, Packed, Project, WorkshopError};
use jiff::Timestamp;

/// What the clock of the first call tells, in milliseconds.
pub(crate) const NOW: i64 = 1_795_000_000_123;

/// This test binary is its own compiler: it starts itself to run just this test, with the two arguments that the
/// sandbox adds after these.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "sandbox::the_compiler_asks_for_its_arguments"];

#[test]
fn the_compiler_asks_for_its_arguments() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    if args.len() == CHILD.len() + 2 && args.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(args.into_iter().skip(CHILD.len()));
    }
    assert_eq!(compile_child_main([]), ExitCode::FAILURE);
    ExitCode::SUCCESS
}

/// A folder of this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A copy of a project of this repository, to be built.
pub(crate) fn copy_of(project: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&repository(project), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if [".autocontent", "dist", "__pycache__"].iter().any(|left_behind| name == *left_behind) {
            continue;
        }
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Builds a project; all that the tools printed comes with it.
pub(crate) fn build(folder: &Path) -> (Result<Packed, WorkshopError>, String) {
    let printed = Mutex::new(String::new());
    let tell = |line: &str| {
        let mut printed = printed.lock().unwrap();
        printed.push_str(line);
        printed.push('\n');
    };
    let project = Project::open(folder).unwrap();
    let built = autocontent_workshop::build(&project, Effort::Release, Console::Told(&tell));
    (built, printed.into_inner().unwrap())
}

/// A provider in the sandbox, and its world outside.
pub(crate) struct Trial {
    provider: Provider,
    outside: Arc<Outside>,
}

/// What the provider did to the world outside, and what it is answered.
#[derive(Default)]
pub(crate) struct Outside {
    pub(crate) log: Mutex<Vec<(Level, String)>>,
    pub(crate) requests: Mutex<Vec<http::Request>>,
    pub(crate) body: Mutex<Vec<u8>>,
    entries: Mutex<BTreeMap<(u8, String), Vec<u8>>>,
}

impl Trial {
    /// Compiles a component and loads it.
    pub(crate) async fn of(component: &Path) -> Trial {
        // Kept between runs: compiling 18 MB takes a while, and what has not changed is found again by its digest.
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        let compiler = Compiler { program: std::env::current_exe().unwrap(), args: CHILD.map(Into::into).to_vec() };
        // A compiler that was itself built without optimisation, on a machine that does other things too.
        let compile = CompileLimits { time: Duration::from_secs(600), ..CompileLimits::default() };
        let config = RuntimeConfig { concurrency: 4, compile, ..RuntimeConfig::new(cache, compiler) };
        let runtime = Runtime::new(config, Arc::new(StandingClock), Arc::new(SeededRandom::new(7))).unwrap();
        let bytes = fs::read(component).unwrap();
        let inspection = runtime.compile(&bytes).await.unwrap();
        let provider =
            runtime.load(&inspection.digest, || async move { Ok::<_, std::io::Error>(bytes) }).await.unwrap();
        Trial { provider, outside: Arc::default() }
    }

    /// The same provider in a fresh world, where every server answers with this body.
    pub(crate) fn answered(&self, body: &str) -> Trial {
        let outside = Outside { body: Mutex::new(body.as_bytes().to_vec()), ..Outside::default() };
        Trial { provider: self.provider.clone(), outside: Arc::new(outside) }
    }

    pub(crate) fn provider(&self) -> &Provider {
        &self.provider
    }

    pub(crate) async fn find(&self, command: &str, arguments: &[(&str, Value)]) -> Call<Result<Page, Failure>> {
        self.provider.find(&request(command, arguments), &self.capabilities()).await
    }

    /// The text of the one item that is found.
    pub(crate) async fn told(&self, command: &str, arguments: &[(&str, Value)]) -> String {
        let outcome = self.find(command, arguments).await.outcome;
        let Ok(Ok(page)) = outcome else { panic!("{arguments:?}: {outcome:?}; log: {:?}", self.log()) };
        page.items[0].text.clone().unwrap_or_default()
    }

    pub(crate) async fn suggest(&self, command: &str, option: &str, typed: &str) -> Vec<Choice> {
        let partial = Partial {
            command: command.to_owned(),
            name: option.to_owned(),
            typed: typed.to_owned(),
            arguments: arguments(&[("what", text("echo"))]),
            audience: audience(),
        };
        self.provider.suggest(&partial, &self.capabilities()).await.outcome.unwrap()
    }

    pub(crate) async fn act(&self, command: &str, action: &str) -> Call<Result<Page, Failure>> {
        let press = Press {
            action: action.to_owned(),
            item: "item".to_owned(),
            state: Some("state".to_owned()),
            request: request(command, &[("what", text("echo"))]),
        };
        self.provider.act(&press, &self.capabilities()).await
    }

    pub(crate) fn log(&self) -> Vec<(Level, String)> {
        self.outside.log.lock().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> Vec<http::Request> {
        self.outside.requests.lock().unwrap().clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            http: self.outside.clone(),
            storage: self.outside.clone(),
            settings: self.outside.clone(),
            log: self.outside.clone(),
        }
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn arguments(list: &[(&str, Value)]) -> Vec<Argument> {
    list.iter().map(|(name, value)| Argument { name: (*name).to_owned(), value: value.clone() }).collect()
}

fn audience() -> Audience {
    Audience {
        user: "u1".into(),
        scope: "s1".into(),
        place: Place::Guild,
        locale: "pt-BR".into(),
        sensitive_allowed: false,
    }
}

fn request(command: &str, list: &[(&str, Value)]) -> Request {
    Request {
        command: command.to_owned(),
        arguments: arguments(list),
        trigger: Trigger::Command,
        audience: audience(),
        limit: 5,
        cursor: None,
    }
}

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW).unwrap()
    }
}

impl Log for Outside {
    fn write(&self, level: Level, line: &str) {
        self.log.lock().unwrap().push((level, line.to_owned()));
    }
}

#[async_trait]
impl Http for Outside {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        let url = request.url.clone();
        self.requests.lock().unwrap().push(request);
        let retry_after = http::Header { name: "retry-after".to_owned(), value: "30".to_owned() };
        let (status, body) = match url.split(['?', '/']).nth(3) {
            Some("timeout") => return Err(http::Error::Timeout),
            Some("denied") => return Err(http::Error::Denied("example.net".to_owned())),
            Some("busy") => (429, Vec::new()),
            Some("broken") => (500, b"<html>".to_vec()),
            Some("resting") => (503, Vec::new()),
            Some("refused") => (401, Vec::new()),
            _ => (200, self.body.lock().unwrap().clone()),
        };
        Ok(http::Response { status, headers: vec![retry_after], body, url })
    }
}

#[async_trait]
impl Storage for Outside {
    async fn get(&self, scope: storage::Scope, key: String) -> Result<Option<Vec<u8>>, storage::Error> {
        Ok(self.entries.lock().unwrap().get(&(number(scope), key)).cloned())
    }

    async fn set(
        &self,
        scope: storage::Scope,
        key: String,
        value: Vec<u8>,
        _: Option<u32>,
    ) -> Result<(), storage::Error> {
        if value.len() > 64 << 10 {
            return Err(storage::Error::TooLarge);
        }
        self.entries.lock().unwrap().insert((number(scope), key), value);
        Ok(())
    }

    async fn delete(&self, scope: storage::Scope, key: String) -> Result<(), storage::Error> {
        self.entries.lock().unwrap().remove(&(number(scope), key));
        Ok(())
    }

    async fn increment(&self, scope: storage::Scope, key: String, by: i64) -> Result<i64, storage::Error> {
        let mut entries = self.entries.lock().unwrap();
        let entry = entries.entry((number(scope), key)).or_insert_with(|| b"0".to_vec());
        let before: i64 = String::from_utf8_lossy(entry).parse().map_err(|_| storage::Error::TooLarge)?;
        *entry = (before + by).to_string().into_bytes();
        Ok(before + by)
    }

    async fn keys(
        &self,
        scope: storage::Scope,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, storage::Error> {
        let entries = self.entries.lock().unwrap();
        let keys = entries.keys().filter(|(of, _)| *of == number(scope)).map(|(_, key)| key);
        let keys = keys.filter(|key| key.starts_with(&prefix) && after.as_ref().is_none_or(|after| *key > after));
        Ok(keys.take(usize::try_from(limit).unwrap()).cloned().collect())
    }
}

fn number(scope: storage::Scope) -> u8 {
    match scope {
        storage::Scope::Provider => 0,
        storage::Scope::Place => 1,
        storage::Scope::Member => 2,
    }
}

impl Settings for Outside {
    fn get(&self, name: &str) -> Option<settings::Value> {
        match name {
            "text" => Some(settings::Value::Text("hello".to_owned())),
            "integer" => Some(settings::Value::Integer(7)),
            "texts" => Some(settings::Value::Texts(vec!["a".to_owned(), "b".to_owned()])),
            _ => None,
        }
    }
}
