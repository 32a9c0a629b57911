//! Throw-away databases for tests, of this crate and of those above it. Only with the feature `testing`.
//!
//! The first test of a process that asks for PostgreSQL starts a cluster of its own, which listens on a socket in its own
//! folder and not on the network. A small shell script holds it: it ends when the pipe from this process closes, which
//! the operating system does however the process ends, and then stops PostgreSQL and removes the folder.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::{DatabaseUrl, Store, Vault};

/// An empty database of its own, with a folder for what belongs to it. SQLite's is gone when this is dropped,
/// PostgreSQL's with the process.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    folder: TempDir,
}

impl TestDatabase {
    /// An SQLite database in a folder of its own.
    #[must_use]
    pub fn sqlite() -> TestDatabase {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        TestDatabase { url: format!("sqlite:{}", folder.path().join("autocontent.db").display()), folder }
    }

    /// A database in this process's PostgreSQL cluster, which is started where it isn't running.
    ///
    /// # Panics
    ///
    /// Where PostgreSQL is not installed or does not start, saying what to do.
    pub async fn postgres() -> TestDatabase {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let started = tokio::task::spawn_blocking(cluster).await.expect("PostgreSQL is started");
        let cluster = started.unwrap_or_else(|reason| panic!("{reason}"));
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut admin)
            .await
            .expect("the database is created");
        TestDatabase { url: cluster.url(&name), folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// The database's URL as text, for a configuration.
    #[must_use]
    pub fn url_text(&self) -> &str {
        &self.url
    }

    /// The database's URL.
    ///
    /// # Panics
    ///
    /// Never: it is a URL.
    #[must_use]
    pub fn url(&self) -> DatabaseUrl {
        self.url.parse().expect("it is a URL")
    }

    /// A folder that lives as long as this.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The vault of this database, the same each time.
    ///
    /// # Panics
    ///
    /// Where the key file cannot be used.
    #[must_use]
    pub fn vault(&self) -> Vault {
        Vault::open_or_create(&self.folder.path().join("vault.key")).expect("the vault opens")
    }

    /// Opens a store on the database. Several may be open at once.
    ///
    /// # Panics
    ///
    /// Where it does not open.
    pub async fn open(&self) -> Store {
        Store::open(&self.url(), self.vault()).await.expect("the store opens")
    }
}

struct Cluster {
    folder: PathBuf,
    #[expect(dead_code, reason = "it holds the pipe whose end stops the cluster")]
    held: Child,
}

impl Cluster {
    fn url(&self, database: &str) -> String {
        format!("postgres://autocontent@localhost/{database}?host={}", self.folder.display())
    }
}

fn cluster() -> Result<&'static Cluster, &'static str> {
    static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
    CLUSTER.get_or_init(start).as_ref().map_err(String::as_str)
}

/// Arguments: the folder of PostgreSQL's programs.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
folder=$(mktemp -d "${TMPDIR:-/tmp}/autocontent-postgres-XXXXXX") || exit 1
cd "$folder" || exit 1
if "$1/initdb" --pgdata=data --username=autocontent --auth=trust --encoding=UTF8 --locale=C --no-sync >log 2>&1 </dev/null &&
    "$1/pg_ctl" start --silent --wait --pgdata=data --log=log --options="-c listen_addresses='' \
        -c unix_socket_directories='$folder' -c fsync=off -c max_connections=300 -c shared_buffers=32MB" >>log 2>&1 </dev/null
then
    echo "$folder"
    cat >/dev/null
    "$1/pg_ctl" stop --silent --mode=immediate --pgdata=data >/dev/null 2>&1 </dev/null
else
    echo
    cat log
fi
rm -rf "$folder"
"#;

fn start() -> Result<Cluster, String> {
    let programs = programs().ok_or(
        "the tests need PostgreSQL, and neither PATH nor /usr/lib/postgresql has its `initdb`; \
         install it, on Debian with `apt-get install postgresql`",
    )?;
    let mut command = Command::new("sh");
    command
        .args(["-c", SCRIPT, "sh"])
        .arg(&programs)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // Ctrl-C in the terminal must not reach PostgreSQL before the script can clean up.
        .process_group(0);
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group).env_remove("TMPDIR");
    }
    let mut held = command.spawn().map_err(|error| format!("cannot start `sh` for PostgreSQL: {error}"))?;
    let mut output = BufReader::new(held.stdout.take().ok_or("`sh` has no output")?);
    let mut folder = String::new();
    output.read_line(&mut folder).map_err(|error| format!("cannot read the output of `sh`: {error}"))?;
    if folder.trim().is_empty() {
        let mut log = String::new();
        let _ = output.read_to_string(&mut log);
        return Err(format!("PostgreSQL of {} did not start: {log}", programs.display()));
    }
    Ok(Cluster { folder: PathBuf::from(folder.trim()), held })
}

/// The folder with `initdb`, `pg_ctl` and `postgres`: of PATH, else Debian's newest.
fn programs() -> Option<PathBuf> {
    let whole = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).exists());
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = std::env::split_paths(&path).find(whole) {
        return Some(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|version| Some(version.ok()?.path()))
        .filter(|version| whole(&version.join("bin")))
        .max_by_key(|version| version.file_name()?.to_str()?.parse::<u32>().ok())
        .map(|version| version.join("bin"))
}

/// PostgreSQL refuses to run as root: user and group of `postgres`, else of `nobody`, where this process is root.
fn other_user() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let mut fields =
            users.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
        let (user, group) = (fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((user, group))
    })
}
