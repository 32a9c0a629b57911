//! What a save leads to.

use super::fixture::Ground;

#[tokio::test]
async fn a_broken_build_says_where_and_takes_nothing_away() {
    let ground = Ground::open().await;
    let mut states = ground.states().await;
    let built = states.build("built").await;
    assert_eq!((&built["provider"]["id"], &built["project"]["language"]), (&"parrot".into(), &"Rust".into()));
    assert_eq!(built["build"]["number"], 1);
    ground.write("src/fail", "error[E0308]: mismatched types\n  --> src/lib.rs:12:5\n   |\n12 |     1\n");
    let failed = states.build("failed").await;
    let problem = &failed["build"]["problems"][0];
    assert_eq!((&problem["file"], &problem["line"], &problem["column"]), (&"src/lib.rs".into(), &12.into(), &5.into()));
    assert_eq!(problem["message"], "mismatched types [E0308]");
    assert_eq!(failed["provider"], built["provider"]);
    ground.remove("src/fail");
    let mended = states.build("built").await;
    assert_eq!(mended["build"]["problems"].as_array().unwrap().len(), 0);
    // The same component is not loaded again.
    assert_eq!(mended["provider"]["harness"], built["provider"]["harness"]);
    assert!(ground.said().iter().any(|line| line.ends_with("what was built before goes on answering")));
}

#[tokio::test]
async fn where_nothing_answers_yet_nothing_is_said_to_go_on() {
    let ground = Ground::closed().await;
    ground.states().await.build("failed").await;
    assert!(!ground.said().iter().any(|line| line.contains("goes on")), "{:?}", ground.said());
}

#[tokio::test]
async fn a_build_that_went_well_has_no_errors() {
    let ground = Ground::open().await;
    let mut states = ground.states().await;
    states.build("built").await;
    ground.write("src/warn", "src/lib.rs: read this\nwarning: unused\n --> src/lib.rs:1:1\n");
    let built = states.until(|state| state["build"]["number"] == 2 && state["build"]["status"] == "built").await;
    let problems = built["build"]["problems"].as_array().unwrap();
    assert_eq!((problems.len(), &problems[0]["level"]), (1, &"warning".into()), "{problems:?}");
}

#[tokio::test]
async fn a_manifest_that_is_wrong_says_where() {
    let ground = Ground::open().await;
    let mut states = ground.states().await;
    states.build("built").await;
    let manifest = ground.read("provider.toml");
    ground.write("provider.toml", &manifest.replace("kind = \"user\"", "kind = \"friend\""));
    let failed = states.build("failed").await;
    let problem = &failed["build"]["problems"][0];
    let line = manifest.lines().position(|line| line == "kind = \"user\"").unwrap() + 1;
    assert_eq!((&problem["file"], &problem["line"]), (&"provider.toml".into(), &line.into()));
    assert!(problem["message"].as_str().unwrap().contains("friend"), "{problem}");
}

#[tokio::test]
async fn a_build_that_is_outdated_is_given_up() {
    let ground = Ground::open().await;
    let mut states = ground.states().await;
    states.build("built").await;
    ground.write("dist/hold", "");
    ground.write("src/lib.rs", "1");
    states.build("building").await;
    ground.write("src/lib.rs", "12");
    // The second one has begun, so the first was ended.
    states.until(|state| state["build"]["number"] == 3).await;
    ground.remove("dist/hold");
    let built = states.build("built").await;
    assert_eq!(built["build"]["number"], 3);
    let builds = ground.read("dist/builds");
    assert_eq!(builds.matches("done").count(), 2, "{builds}");
}

#[tokio::test]
async fn what_a_component_is_not_made_of_is_not_built() {
    let ground = Ground::open().await;
    let mut states = ground.states().await;
    states.build("built").await;
    ground.write("README.md", "read me");
    ground.write("recordings/search.json", "{\"exchanges\": []}");
    let recorded = states.until(|state| state["recordings"] != serde_json::json!([])).await;
    assert_eq!(recorded["recordings"], serde_json::json!(["recordings/search.json"]));
    ground.write("src/lib.rs", "1");
    let built = states.build("built").await;
    assert_eq!(built["build"]["number"], 2);
}
