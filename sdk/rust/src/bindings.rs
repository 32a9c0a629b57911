//! What wit-bindgen makes of the contract. Types and imports stand in the first; each export has a macro of
//! its own, so that a component exports only what its provider has.

wit_bindgen::generate!({
    path: "../wit",
    world: "provider",
    additional_derives: [PartialEq],
    generate_unused_types: true,
    export_macro_name: "export_content",
    pub_export_macro: true,
});

/// `autocontent:provider/suggestions`
pub mod suggesting {
    wit_bindgen::generate!({
        path: "../wit",
        inline: "package autocontent:sdk; world suggesting { export autocontent:provider/suggestions@1.0.0; }",
        with: { "autocontent:provider/requests@1.0.0": super::autocontent::provider::requests },
        export_macro_name: "export_suggestions",
        pub_export_macro: true,
    });
}

/// `autocontent:provider/actions`
pub mod acting {
    wit_bindgen::generate!({
        path: "../wit",
        inline: "package autocontent:sdk; world acting { export autocontent:provider/actions@1.0.0; }",
        with: {
            "autocontent:provider/requests@1.0.0": super::autocontent::provider::requests,
            "autocontent:provider/items@1.0.0": super::autocontent::provider::items,
        },
        additional_derives: [PartialEq],
        export_macro_name: "export_actions",
        pub_export_macro: true,
    });
}
