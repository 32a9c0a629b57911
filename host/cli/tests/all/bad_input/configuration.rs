//! Settings in a file, in flags and in variables.

use insta::assert_snapshot;

use super::{USAGE, refused};
use crate::host::{Host, PASSWORD};

#[tokio::test]
async fn a_configuration_file_that_can_not_be_used() {
    let mut transcript = refused(&Host::new(), USAGE, &[&["config", "check", "--config", "missing.toml"]]).await;
    let files = [
        ("broken.toml", "data = \n"),
        ("unknown.toml", "log = 'info'\nlissten = '0.0.0.0:80'\n"),
        ("kind.toml", "concurrency = 'many'\n"),
        ("none.toml", "concurrency = 0\n"),
        ("ages.toml", "history-days = 36501\n"),
        ("share.toml", "concurrency = 8\ncalls-per-provider = 9\n"),
        ("rate.toml", "commands-per-minute = 0\n"),
        ("level.toml", "provider-log = 'loud'\n"),
        ("development.toml", "development-hosts = ['localhost:3000', '10.0.0.1:80']\n"),
        ("upstreams.toml", "development-upstreams = ['*=127.0.0.1:80', 'a.example.com=10.0.0.1:80']\n"),
        ("address.toml", "listen = 'localhost'\n"),
        ("metrics.toml", "metrics-listen = '9464'\n"),
        ("scheme.toml", "database = 'mysql://nina:hunter2@db.example/content'\n"),
        ("quote.toml", "database = 'postgres://nina:hunter2@db.example/content\n"),
    ];
    for (name, content) in files {
        let host = Host::new().without("AUTOCONTENT_LISTEN");
        host.write(name, content);
        transcript += &refused(&host, USAGE, &[&["config", "check", "--config", name]]).await;
    }
    assert_snapshot!(transcript, @r#"
    $ autocontent config check --config missing.toml
    autocontent: could not read the configuration file missing.toml: No such file or directory (os error 2); correct the path in --config or AUTOCONTENT_CONFIG, or the file's permissions

    $ autocontent config check --config broken.toml
    autocontent: broken.toml:1:8: string values must be quoted, expected literal string

    $ autocontent config check --config unknown.toml
    autocontent: unknown.toml:2:1: unknown field `lissten`, expected one of `data`, `database`, `log`, `log-format`, `listen`, `metrics-listen`, `discord-api`, `concurrency`, `history-days`, `calls-per-provider`, `calls-per-account`, `calls-waiting`, `commands-per-minute`, `provider-log`, `development-hosts`, `development-upstreams`, `certificates`, `signatures`, `trusted-key`

    $ autocontent config check --config kind.toml
    autocontent: kind.toml:1:15: invalid type: string "many", expected u32

    $ autocontent config check --config none.toml
    autocontent: setting `concurrency`: 0 is out of range: write a number from 1 to 4096

    $ autocontent config check --config ages.toml
    autocontent: setting `history-days`: 36501 is out of range: write a number of days up to 36500, or 0 for ever

    $ autocontent config check --config share.toml
    autocontent: setting `calls-per-provider`: 9 is out of range: write a number from 1 to 8

    $ autocontent config check --config rate.toml
    autocontent: setting `commands-per-minute`: 0 is out of range: write a number from 1 to 1000

    $ autocontent config check --config level.toml
    autocontent: level.toml:1:16: unknown variant `loud`, expected one of `trace`, `debug`, `info`, `warn`, `error`

    $ autocontent config check --config development.toml
    autocontent: setting `development-hosts`: "10.0.0.1:80" is not a development host; write a loopback host with its port, such as "localhost:8080"

    $ autocontent config check --config upstreams.toml
    autocontent: setting `development-upstreams`: "a.example.com=10.0.0.1:80" is not a development upstream; write a host and a loopback address with its port, such as "api.example.com=127.0.0.1:8090", or "*=127.0.0.1:8090" for every host

    $ autocontent config check --config address.toml
    autocontent: setting `listen`: `localhost` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    $ autocontent config check --config metrics.toml
    autocontent: setting `metrics-listen`: `9464` is no address: write it as IP:PORT, such as 127.0.0.1:9464

    $ autocontent config check --config scheme.toml
    autocontent: setting `database`: the database URL begins with neither `sqlite:` nor `postgres://`; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`

    $ autocontent config check --config quote.toml
    autocontent: quote.toml:1:55: invalid literal string, expected `'`
    "#);
}

#[tokio::test]
async fn a_flag_or_a_variable_that_can_not_be_used() {
    let password = format!("postgres://nina:{PASSWORD}@db.example:many/content");
    let flags: [&[&str]; 6] = [
        &["config", "check", "--listen", "8080"],
        &["config", "check", "--database", "data.db"],
        &["config", "check", "--database", "sqlite::memory:"],
        &["config", "check", "--discord-api", "discord"],
        &["config", "check", "--log", "loud=very"],
        &["config", "check", "--log-format", "xml"],
    ];
    let mut transcript = refused(&Host::new(), USAGE, &flags).await;
    let variables = [
        ("AUTOCONTENT_LISTEN", "8080"),
        ("AUTOCONTENT_DATABASE", password.as_str()),
        ("AUTOCONTENT_LOG_FORMAT", "xml"),
        ("AUTOCONTENT_DISCORD_API", "mailto:nina@discord.example"),
        ("AUTOCONTENT_CONFIG", "missing.toml"),
    ];
    for (variable, value) in variables {
        transcript = format!("{transcript}# {variable}={}\n", value.replace(PASSWORD, "…"));
        transcript += &refused(&Host::new().with(variable, value), USAGE, &[&["config", "check"]]).await;
    }
    let homeless = Host::new().without("AUTOCONTENT_DATA");
    transcript += &refused(&homeless, USAGE, &[&["config", "check"]]).await;
    assert_snapshot!(transcript, @r#"
    $ autocontent config check --listen 8080
    autocontent: setting `listen`: `8080` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    $ autocontent config check --database data.db
    autocontent: setting `database`: the database URL begins with neither `sqlite:` nor `postgres://`; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`

    $ autocontent config check --database sqlite::memory:
    autocontent: setting `database`: a database in memory would lose everything at the end; write `sqlite:PATH` with the path of a file

    $ autocontent config check --discord-api discord
    autocontent: setting `discord-api`: that is no address of a web server: write it as http://HOST:PORT/ or https://HOST/

    $ autocontent config check --log loud=very
    autocontent: setting `log`: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5; write a level, such as `info`, or `warn,provider=debug`

    $ autocontent config check --log-format xml
    error: invalid value 'xml' for '--log-format <FORMAT>'
      [possible values: auto, text, json]

    For more information, try '--help'.

    # AUTOCONTENT_LISTEN=8080
    $ autocontent config check
    autocontent: setting `listen`: `8080` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    # AUTOCONTENT_DATABASE=postgres://nina:…@db.example:many/content
    $ autocontent config check
    autocontent: setting `database`: the PostgreSQL URL cannot be read (invalid port number); write `postgres://USER:PASSWORD@HOST:PORT/NAME`, with `%40` for an `@` in the password

    # AUTOCONTENT_LOG_FORMAT=xml
    $ autocontent config check
    error: invalid value 'xml' for '--log-format <FORMAT>'
      [possible values: auto, text, json]

    For more information, try '--help'.

    # AUTOCONTENT_DISCORD_API=mailto:nina@discord.example
    $ autocontent config check
    autocontent: setting `discord-api`: that is no address of a web server: write it as http://HOST:PORT/ or https://HOST/

    # AUTOCONTENT_CONFIG=missing.toml
    $ autocontent config check
    autocontent: could not read the configuration file missing.toml: No such file or directory (os error 2); correct the path in --config or AUTOCONTENT_CONFIG, or the file's permissions

    $ autocontent config check
    autocontent: setting `data`: there is no home folder to put it into: name one with --data FOLDER
    "#);
}
