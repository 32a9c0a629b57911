//! What is asked of the program: commands, options and names.

use insta::assert_snapshot;

use super::{FAILED, USAGE, furnished, refused};
use crate::host::{Host, WRONG_TOKEN};

#[tokio::test]
async fn a_command_line_that_the_program_does_not_know() {
    let transcript = refused(
        &Host::new(),
        USAGE,
        &[
            &["frobnicate"],
            &["ask"],
            &["ask", "/parrot", "--jsn"],
            &["history", "--limit", "0"],
            &["account", "add", "No Name!"],
            &["provider", "enable", "No Id!"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r#"
    $ autocontent frobnicate
    error: unrecognized subcommand 'frobnicate'

    Usage: autocontent [OPTIONS] <COMMAND>

    For more information, try '--help'.

    $ autocontent ask
    error: the following required arguments were not provided:
      <LINE>

    Usage: autocontent ask --data <FOLDER> --listen <ADDRESS> --discord-api <URL> <LINE>

    For more information, try '--help'.

    $ autocontent ask /parrot --jsn
    error: unexpected argument '--jsn' found

      tip: a similar argument exists: '--json'

    Usage: autocontent ask --json <LINE>

    For more information, try '--help'.

    $ autocontent history --limit 0
    error: invalid value '0' for '--limit <COUNT>': 0 is not in 1..=1000

    For more information, try '--help'.

    $ autocontent account add 'No Name!'
    error: invalid value 'No Name!' for '<NAME>': `No Name!` is no account name: 1 to 32 lower-case letters, digits, `-` and `_` are allowed, the first a letter or digit

    For more information, try '--help'.

    $ autocontent provider enable 'No Id!'
    error: invalid value 'No Id!' for '<PROVIDER>': "No Id!" is not a provider's id; use 2 to 32 of a-z, 0-9 and -, beginning with a letter

    For more information, try '--help'.
    "#);
}

#[tokio::test]
async fn a_command_that_members_do_not_have_or_that_is_filled_in_wrongly() {
    let host = furnished().await;
    let mut transcript = refused(
        &host,
        FAILED,
        &[
            &["ask", "/prrot script:items:a"],
            &["ask", "parrot"],
            &["ask", "/parrot"],
            &["ask", "/parrot scrip:items:a"],
            &["ask", "/parrot script:items:a script:items:b"],
            &["ask", "/parrot script:items:a friend:nobody"],
        ],
    )
    .await;
    // The provider was called, which is counted.
    for command in [["ask", "/parrot script:fail:busy"], ["ask", "/parrot script:nothing"]] {
        let outcome = host.run(&command).await;
        assert_eq!(outcome.code, Some(FAILED), "{command:?}: {outcome:#?}");
        transcript += &outcome.transcript(&command);
    }
    assert_snapshot!(transcript, @r#"
    $ autocontent ask '/prrot script:items:a'
    autocontent: there is no command /prrot; did you mean /parrot? use /favourites, /parrot, /patient-parrot or /rude-parrot

    $ autocontent ask parrot
    autocontent: "parrot" is not a command; begin with / and the command's name, such as "/quote topic:courage"

    $ autocontent ask /parrot
    autocontent: /parrot needs the option script; add script: (Words such as items:a,b next:x cache:60 sensitive:b fail:busy)

    $ autocontent ask '/parrot scrip:items:a'
    autocontent: /parrot has no option "scrip"; did you mean script? use script: or friend:

    $ autocontent ask '/parrot script:items:a script:items:b'
    autocontent: the option script is filled in twice; do so once, and quote a text that contains "script:"

    $ autocontent ask '/parrot script:items:a friend:nobody'
    autocontent: the option friend: "nobody" is not of the kind user; use a user's id or mention, such as 80351110224678912 or <@80351110224678912>

    $ autocontent ask '/parrot script:fail:busy'
    The source is busy. Please try again in 7 s.

    $ autocontent ask '/parrot script:nothing'
    Nothing found. Try other words?
    "#);
}

#[tokio::test]
async fn names_that_are_taken_or_that_nobody_has() {
    let host = furnished().await.with("DISCORD_TOKEN", WRONG_TOKEN);
    let mut transcript = refused(&host, FAILED, &[&["account", "add", "main"]]).await;
    let host = host.without("DISCORD_TOKEN");
    transcript += &refused(
        &host,
        FAILED,
        &[
            &["account", "add", "third"],
            &["account", "start", "mian"],
            &["account", "stop", "mian"],
            &["account", "token", "mian"],
            &["account", "remove", "mian"],
            &["history", "--account", "mian"],
            &["provider", "enable", "parrot"],
            &["provider", "enable", "parrot", "--account", "mian"],
            &["provider", "enable", "quote", "--account", "main"],
            &["provider", "enable", "magpie", "--account", "main"],
            &["provider", "disable", "quote", "--account", "main"],
            &["provider", "remove", "quote"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r"
    $ autocontent account add main
    autocontent: there is an account named `main` already; choose another name, or remove that account first

    $ autocontent account add third
    autocontent: no token given: put the bot's token into DISCORD_TOKEN or send it to standard input

    $ autocontent account start mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account stop mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account token mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account remove mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent history --account mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent provider enable parrot
    autocontent: there are several accounts (main, second): say which one with --account NAME

    $ autocontent provider enable parrot --account mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent provider enable quote --account main
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are

    $ autocontent provider enable magpie --account main
    autocontent: `magpie` has a command `/parrot`, and so has `parrot`, which is enabled there: disable one of them first

    $ autocontent provider disable quote --account main
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are

    $ autocontent provider remove quote
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are
    ");
}

#[tokio::test]
async fn a_host_without_accounts_and_providers_says_how_to_get_them() {
    let host = Host::new();
    // The first that needs them makes the service's own keys.
    host.succeed(&["account", "list"]).await;
    let transcript = refused(
        &host,
        FAILED,
        &[
            &["provider", "enable", "parrot"],
            &["account", "start", "main"],
            &["history", "--account", "main"],
            &["ask", "/quote"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r"
    $ autocontent provider enable parrot
    autocontent: there is no account yet: add one with `autocontent account add NAME`

    $ autocontent account start main
    autocontent: there is no account `main`, nor any other: add one with `autocontent account add NAME`

    $ autocontent history --account main
    autocontent: there is no account `main`, nor any other: add one with `autocontent account add NAME`

    $ autocontent ask /quote
    autocontent: no provider is installed yet: install one with `autocontent provider install FILE`
    ");
}
