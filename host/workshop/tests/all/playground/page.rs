//! The page's own parts, in a browser.

use serde_json::{Value, json};

use thirtyfour::prelude::*;

use super::browser::Browser;

/// Commands as the page gets them.
fn commands() -> Value {
    let option = |name: &str, kind: &str, required: bool, autocomplete: bool, choices: Value| json!({ "name": name, "description": name, "kind": kind, "required": required, "autocomplete": autocomplete, "choices": choices });
    let language = json!([{ "label": "Portuguese", "value": "por" }, { "label": "French", "value": "fre" }]);
    json!([
        { "name": "book", "description": "A book", "options": [
            option("title", "text", true, true, json!([])),
            option("language", "text", false, false, language),
            option("lent", "boolean", false, false, json!([])),
        ] },
        { "name": "book top", "description": "The best", "options": [] },
        { "name": "author", "description": "An author", "options": [option("name", "text", true, false, json!([]))] },
    ])
}

/// What the page proposes for a line with `|` where the caret stands: the lines that come of taking each.
async fn proposed(browser: &Browser, line: &str) -> Vec<String> {
    let script = format!(
        "const {{ typing, take, commandProposals, optionProposals, valueProposals, knownChoices }} = await import('./line.js');
        const commands = {};
        const marked = {};
        const line = marked.replace('|', '');
        const context = typing(line, marked.indexOf('|'), commands);
        const made = context.at === 'command' ? commandProposals(context, line, commands)
            : context.at === 'options' ? optionProposals(context)
            : context.at === 'value' ? [...valueProposals(context, knownChoices(context)), ...optionProposals(context)] : [];
        return made.map((one) => {{ const taken = take(line, one); return taken.line.slice(0, taken.caret) + '|' + taken.line.slice(taken.caret); }});",
        commands(),
        json!(line),
    );
    serde_json::from_value(browser.script(&script).await).unwrap()
}

pub(super) async fn proposals_fit_what_is_typed(browser: &Browser) {
    for (line, expected) in [
        ("/bo|", &["/book title:|", "/book top|"][..]),
        ("/tho|", &["/author name:|"]),
        ("|", &["/book title:|", "/book top|", "/author name:|"]),
        ("/book |", &["/book title:|", "/book language:|", "/book lent:|"]),
        ("/book l|", &["/book language:|", "/book lent:|"]),
        ("/book title:dune |", &["/book title:dune language:|", "/book title:dune lent:|"]),
        ("/book title:dune le|", &["/book title:dune lent:|"]),
        ("/book title:dune messiah|", &[]),
        ("/book language:|", &["/book language:por |", "/book language:fre |"]),
        ("/book language:french|", &["/book language:fre |"]),
        ("/book language:| title:dune", &["/book language:por | title:dune", "/book language:fre | title:dune"]),
        ("/book language:por|", &[]),
        ("/book title:\"a language:|", &[]),
        ("/book lent:t| title:x", &["/book lent:true | title:x"]),
        ("/book top |", &[]),
        ("hello|", &[]),
        ("/nothing |", &[]),
    ] {
        assert_eq!(proposed(browser, line).await, expected, "{line}");
    }
    // Whatever a provider suggests comes back as it was.
    let values =
        json!(["plain", "two words", "a: b", "x language:y", "\"quoted\"", "back\\slash\" title:", " edge ", ""]);
    let script = format!(
        "const {{ written, filledIn, typing }} = await import('./line.js');
        const command = {}[0];
        return {values}.map((value) => {{
            const line = `/book title:${{written(value)}} lent:true`;
            const [title, lent] = filledIn(line, command);
            return [value, line.slice(title.from, title.to), line.slice(lent.from)];
        }});",
        commands(),
    );
    let read = browser.script(&script).await;
    for one in read.as_array().unwrap() {
        let (value, written) = (one[0].as_str().unwrap(), one[1].as_str().unwrap());
        let unquoted = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let back = unquoted.map_or(written.to_owned(), |text| text.replace("\\\"", "\"").replace("\\\\", "\\"));
        assert_eq!((back.as_str(), one[2].as_str()), (value, Some("true")), "{one}");
    }
}

pub(super) async fn markdown_becomes_elements_and_text_stays_text(browser: &Browser) {
    for (text, expected) in [
        ("**b** *i* _i_ __u__ ~~s~~", "<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s>"),
        ("***both*** **a *b* c**", "<strong><em>both</em></strong> <strong>a <em>b</em> c</strong>"),
        ("snake_case_name 2 * 3 * 4 \\*no\\*", "snake_case_name 2 * 3 * 4 *no*"),
        ("`a **b**` ``x`y``", "<code>a **b**</code> <code>x`y</code>"),
        ("a\nb", "a<br>b"),
        (
            "# One\n### Three\n-# small",
            "<p class=\"heading heading-1\">One</p><p class=\"heading heading-3\">Three</p><small class=\"subtext\">small</small>",
        ),
        ("> a\n> b\nc", "<blockquote>a<br>b</blockquote>c"),
        ("**a\nb** c\n\nd", "<strong>a<br>b</strong> c<br><br>d"),
        ("> *a\n> b*\nc", "<blockquote><em>a<br>b</em></blockquote>c"),
        ("a **b\n# c\nd** e", "a **b<p class=\"heading heading-1\">c</p>d** e"),
        ("- a\n- b", "<ul><li class=\"\">a</li><li class=\"\">b</li></ul>"),
        ("2. a", "<ol start=\"2\"><li class=\"\">a</li></ol>"),
        ("```rust\nlet <x>;\n```", "<pre><code data-language=\"rust\">let &lt;x&gt;;</code></pre>"),
        ("<script>alert(1)</script> & <b>", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("[x](javascript:alert(1)) [y](data:text/html,z)", "[x](javascript:alert(1)) [y](data:text/html,z)"),
        ("[x](https://discord.com@evil.example/)", "[x](https://discord.com@evil.example/)"),
        (
            "<@123> <#4> <@&5> <:cat:678> @everyone",
            "<span class=\"mention\" title=\"123\">@member</span> <span class=\"mention\" title=\"4\">#channel</span> <span class=\"mention\" title=\"5\">@role</span> :cat: @everyone",
        ),
    ] {
        let script = format!(
            "const {{ markdown }} = await import('./markdown.js');
            const box = document.createElement('div');
            box.append(...markdown({}));
            return box.innerHTML;",
            json!(text)
        );
        assert_eq!(browser.script(&script).await, json!(expected), "{text}");
    }
    let link = |url: &str, text: &str| {
        json!(format!("<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{text}</a>"))
    };
    for (text, url, label) in [
        ("[a **b**](https://example.org/x_(y))", "https://example.org/x_(y)", "a <strong>b</strong>"),
        ("[a](<https://example.org/>)", "https://example.org/", "a"),
        ("<https://example.org/a>", "https://example.org/a", "https://example.org/a"),
        ("https://example.org/a", "https://example.org/a", "https://example.org/a"),
    ] {
        let script = format!(
            "const {{ markdown }} = await import('./markdown.js');
            return markdown({})[0].outerHTML;",
            json!(text)
        );
        assert_eq!(browser.script(&script).await, link(url, label), "{text}");
    }
    // Texts made to keep a parser busy.
    let script = "const { markdown } = await import('./markdown.js');
        const texts = ['*', '**', '_', '`', '[', '||', '<', '> ', '- ', '~~', '(', 'https://', '`a', '*a `', '[a](', '\\\\'];
        return texts.every((text) => markdown(text.repeat(4096 / text.length)).length > 0);";
    assert_eq!(browser.script(script).await, json!(true));
}

async fn a_picture_of_the_messages_own_is_shown(browser: &Browser) {
    let script = "const { message } = await import('./message.js');
        const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
        const files = [{ name: 'a.png', mime: 'image/png', data }];
        const said = { embeds: [{ image: { url: 'attachment://a.png' } }, { image: { url: 'attachment://b.png' } }] };
        const box = document.createElement('div');
        box.append(...message(said, files, () => {}).flat(9).filter(Boolean));
        document.body.append(box);
        await box.querySelector('img').decode();
        const seen = [box.querySelector('img').naturalWidth, box.querySelector('.missing').textContent];
        box.remove();
        return seen;";
    let seen = browser.script(script).await;
    assert_eq!(seen, json!([1, "This picture could not be loaded: attachment://b.png"]));
}

#[tokio::test]
async fn the_pages_own_parts_do_what_they_should() {
    let ground = super::fixture::Ground::open().await;
    let browser = Browser::open(&ground.url("/")).await;
    proposals_fit_what_is_typed(&browser).await;
    markdown_becomes_elements_and_text_stays_text(&browser).await;
    a_picture_of_the_messages_own_is_shown(&browser).await;
    browser.close().await;
}

#[tokio::test]
async fn a_provider_is_tried_with_the_keyboard() {
    let ground = super::fixture::Ground::open().await;
    let browser = Browser::open(&ground.url("/")).await;
    browser.reads("#build", "Up to date").await;
    browser.reads("#name", "Parrot").await;

    // A name is completed, then what the provider suggests is chosen.
    let input = browser.seen("#line").await;
    input.send_keys("/par").await.unwrap();
    browser.reads("#proposals-list li", "/parrot").await;
    input.send_keys(Key::Tab + "it").await.unwrap();
    assert_eq!(input.prop("value").await.unwrap().unwrap(), "/parrot script:it");
    browser.reads("#proposals-list li", "choice 0").await;
    assert_eq!(input.attr("aria-expanded").await.unwrap().unwrap(), "true");
    input.send_keys(Key::Down + Key::Down).await.unwrap();
    let chosen = browser.seen("#proposals-list li[aria-selected=true]").await;
    assert_eq!(input.attr("aria-activedescendant").await.unwrap(), chosen.id().await.unwrap());
    input.send_keys(Key::Escape + "").await.unwrap();
    assert_eq!(input.attr("aria-expanded").await.unwrap().unwrap(), "false");

    // What a provider says is text, whatever it says.
    browser.write("/parrot script:\"items:<script>alert(1)</script> action:again log:hello\"").await;
    input.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-title", "<script>alert(1)</script>").await;
    browser.reads(".log .line", "hello").await;
    browser.reads(".measure", "Memory").await;
    assert_eq!(browser.script("return document.scripts.length;").await, json!(1));

    // Buttons: one answers below, one changes the message that carries it.
    browser.reads(".buttons .button", "again").await.click().await.unwrap();
    browser.reads(".embed-text", "again on <script>alert(1)</script> with").await;
    let entries = "return document.querySelectorAll('.entry').length;";
    assert_eq!(browser.script(entries).await, json!(2));
    let up = "return [...document.querySelectorAll('.entry:first-child .button')].find((one) => one.textContent.includes('👍')).textContent;";
    let before = browser.script(up).await;
    browser
        .seen(".entry:first-child .button[aria-label='👍'], .entry:first-child .button:nth-child(2)")
        .await
        .click()
        .await
        .unwrap();
    browser.reads("#panel-call", "The provider was not asked").await;
    assert_ne!(browser.script(up).await, before);
    assert_eq!(browser.script(entries).await, json!(2));

    // A refusal is for one member.
    browser.write("/rude-parrot script:items:a").await;
    input.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".entry.private .only-you", "Only you can see this").await;
    browser.seen("#sensitive").await.click().await.unwrap();
    browser.write("/rude-parrot script:items:naughty").await;
    input.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-title", "naughty").await;

    // A build that breaks says where, and takes nothing away.
    ground.write("src/fail", "error[E0308]: mismatched types\n  --> src/lib.rs:12:5\n");
    browser.reads("#problems .place", "src/lib.rs:12:5").await;
    browser.reads("#build", "Build failed").await;
    browser.write("/parrot script:items:still-here").await;
    input.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-title", "still-here").await;
    ground.remove("src/fail");
    browser.reads("#build", "Up to date").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_begun_anew_reruns_nothing_and_presses_nothing() {
    let ground = super::fixture::Ground::open().await;
    let browser = Browser::open(&ground.url("/")).await;
    browser.reads("#build", "Up to date").await;
    let input = browser.seen("#line").await;
    browser.write("/parrot script:\"items:a action:again\"").await;
    input.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-title", "a").await;
    let disabled = "return document.querySelectorAll('.buttons button:disabled').length;";
    assert_eq!(browser.script(disabled).await, json!(0));

    browser.seen("#tab-storage").await.click().await.unwrap();
    browser.reads("#panel-storage", "asks for no storage").await;
    assert_eq!(ground.post("/api/storage/clear", &json!({})).await.0, 200);
    // What ran again would have buttons that can be pressed.
    browser.seen(".buttons button:disabled").await;

    // Another version does run it again.
    ground.save_manifest(&ground.read("provider.toml").replace("1.0.0", "1.0.1"));
    browser.reads("#about", "1.0.1").await;
    browser.seen(".buttons button:not(:disabled)").await;
    browser.close().await;
}

#[tokio::test]
async fn suggestions_and_settings_are_looked_at_after_a_command_as_well() {
    let ground = super::fixture::Ground::probing(super::api::SETTINGS).await;
    let browser = Browser::open(&ground.url("/")).await;
    browser.reads("#build", "Up to date").await;
    browser.write("/keep").await;
    browser.seen("#line").await.send_keys(Key::Enter + "").await.unwrap();
    browser.reads("#panel-call", "What find answered").await;
    browser.write("/echo text:x").await;
    browser.reads("#panel-call", "What suggest answered").await;

    browser.seen("#tab-storage").await.click().await.unwrap();
    browser.reads("#panel-storage td .badge", "base64").await;
    browser.reads("#panel-storage td .value", "AQID").await;
    browser.reads("#panel-storage", "count").await;
    let place = browser.seen("#place").await;
    place.send_keys("Direct").await.unwrap();
    browser.seen("#panel-storage tbody tr:last-child:nth-child(2)").await;

    browser.seen("#tab-provider").await.click().await.unwrap();
    let word = browser.seen("#setting-word").await;
    assert_eq!(word.prop("value").await.unwrap().unwrap(), "hello");
    word.clear().await.unwrap();
    word.send_keys("bye" + Key::Enter).await.unwrap();
    browser.write("/setting name:word").await;
    browser.seen("#line").await.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-text", "bye").await;
    browser.close().await;
}

#[tokio::test]
async fn it_fits_on_a_phone_and_follows_light_and_dark() {
    let ground = super::fixture::Ground::open().await;
    let browser = Browser::open(&ground.url("/")).await;
    browser.write("/parrot script:items:a action:again").await;
    browser.reads("#build", "Up to date").await;
    browser.seen("#line").await.send_keys(Key::Enter + "").await.unwrap();
    browser.reads(".embed-title", "a").await;
    let cdp = browser.driver.cdp();
    for width in [320, 390, 800, 1280] {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500 });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", screen).await.unwrap();
        let over = browser.script("return document.documentElement.scrollWidth - innerWidth;").await;
        assert!(over.as_i64().unwrap() <= 0, "{width}: {over}");
        browser.seen("#line").await;
    }
    let ground_colour = "return getComputedStyle(document.body).backgroundColor;";
    let mut colours = Vec::new();
    for scheme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        cdp.send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
        colours.push(browser.script(ground_colour).await);
    }
    assert_ne!(colours[0], colours[1]);
    browser.close().await;
}
