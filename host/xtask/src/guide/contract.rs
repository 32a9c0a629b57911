//! The contract's reference, made of `sdk/wit`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use wit_parser::{
    Docs, Function, Interface, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner, World, WorldItem, WorldKey,
};

/// What stands above what is generated.
const HEAD: &str = "\
# The contract

Everything that host and provider call of each other. This page is generated from `sdk/wit/provider.wit`; what holds is that file.
Each language's SDK gives these names the form that its authors expect: `cache-for` is `cache_for` in Rust, Python and C, and
`cacheFor` in JavaScript.
";

/// The page.
pub(super) fn page(folder: &Path) -> Result<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder).with_context(|| format!("could not read {}", folder.display()))?;
    let package = resolve.packages.get(package).context("there is no package")?;
    let mut page = format!("{HEAD}\nPackage `{}`. {}\n", package.name, one_line(&package.docs));
    for id in package.interfaces.values() {
        if let Some(interface) = resolve.interfaces.get(*id) {
            describe_interface(&mut page, &resolve, interface)?;
        }
    }
    page.push_str("\n## Worlds\n\nWhat a component imports and exports, by what it can do.\n");
    for id in package.worlds.values() {
        if let Some(world) = resolve.worlds.get(*id) {
            describe_world(&mut page, &resolve, world)?;
        }
    }
    Ok(page)
}

fn describe_interface(page: &mut String, resolve: &Resolve, interface: &Interface) -> Result<()> {
    writeln!(page, "\n## `{}`\n", interface.name.as_deref().unwrap_or_default())?;
    paragraph(page, &interface.docs)?;
    for function in interface.functions.values() {
        describe_function(page, resolve, function)?;
    }
    for (name, id) in &interface.types {
        if let Some(definition) = resolve.types.get(*id).filter(|definition| !is_borrowed(resolve, definition)) {
            describe_type(page, resolve, name, definition)?;
        }
    }
    Ok(())
}

fn describe_function(page: &mut String, resolve: &Resolve, function: &Function) -> Result<()> {
    let parameters: Vec<_> = function
        .params
        .iter()
        .map(|parameter| format!("{}: {}", parameter.name, shape(resolve, &parameter.ty)))
        .collect();
    let result = function.result.map(|result| format!(" -> {}", shape(resolve, &result))).unwrap_or_default();
    writeln!(page, "\n### `{}({}){result}`\n", function.name, parameters.join(", "))?;
    paragraph(page, &function.docs)
}

fn describe_type(page: &mut String, resolve: &Resolve, name: &str, definition: &TypeDef) -> Result<()> {
    writeln!(page, "\n### {} `{name}`\n", definition.kind.as_str())?;
    paragraph(page, &definition.docs)?;
    let rows: Vec<(&str, String, &Docs)> = match &definition.kind {
        TypeDefKind::Record(record) => record
            .fields
            .iter()
            .map(|field| (field.name.as_str(), format!("`{}`", shape(resolve, &field.ty)), &field.docs))
            .collect(),
        TypeDefKind::Variant(variant) => variant
            .cases
            .iter()
            .map(|case| {
                let carried = case.ty.map(|carried| format!("`{}`", shape(resolve, &carried)));
                (case.name.as_str(), carried.unwrap_or_default(), &case.docs)
            })
            .collect(),
        TypeDefKind::Enum(cases) => {
            cases.cases.iter().map(|case| (case.name.as_str(), String::new(), &case.docs)).collect()
        }
        _ => return Ok(()),
    };
    let typed = rows.iter().any(|(_, shape, _)| !shape.is_empty());
    page.push_str(if typed { "\n| | type | |\n|---|---|---|\n" } else { "\n| | |\n|---|---|\n" });
    for (name, shape, docs) in rows {
        let shape = if typed { format!(" {shape} |") } else { String::new() };
        writeln!(page, "| `{name}` |{shape} {} |", one_line(docs).replace('|', "\\|"))?;
    }
    Ok(())
}

fn describe_world(page: &mut String, resolve: &Resolve, world: &World) -> Result<()> {
    let names = |items: &mut dyn Iterator<Item = (&WorldKey, &WorldItem)>| {
        let names: Vec<_> = items
            .filter_map(|(_, item)| match item {
                WorldItem::Interface { id, .. } => resolve.interfaces.get(*id)?.name.clone(),
                _ => None,
            })
            .map(|name| format!("[`{name}`](#{name})"))
            .collect();
        names.join(", ")
    };
    writeln!(page, "\n### world `{}`\n", world.name)?;
    paragraph(page, &world.docs)?;
    let exports = names(&mut world.exports.iter());
    writeln!(page, "\nImports {}.", names(&mut world.imports.iter()))?;
    if !exports.is_empty() {
        writeln!(page, "Exports {exports}.")?;
    }
    Ok(())
}

/// A type as WIT writes it.
fn shape(resolve: &Resolve, of: &Type) -> String {
    let id = match of {
        Type::Id(id) => *id,
        Type::Bool => return "bool".into(),
        Type::U8 => return "u8".into(),
        Type::U16 => return "u16".into(),
        Type::U32 => return "u32".into(),
        Type::U64 => return "u64".into(),
        Type::S8 => return "s8".into(),
        Type::S16 => return "s16".into(),
        Type::S32 => return "s32".into(),
        Type::S64 => return "s64".into(),
        Type::F32 => return "f32".into(),
        Type::F64 => return "f64".into(),
        Type::Char => return "char".into(),
        Type::String => return "string".into(),
        Type::ErrorContext => return "error-context".into(),
    };
    shape_of(resolve, id).unwrap_or_else(|| "?".into())
}

fn shape_of(resolve: &Resolve, id: TypeId) -> Option<String> {
    let definition = resolve.types.get(id)?;
    if let Some(name) = &definition.name {
        return Some(name.clone());
    }
    let part = |part: &Option<Type>| part.map_or_else(|| "_".into(), |part| shape(resolve, &part));
    Some(match &definition.kind {
        TypeDefKind::Option(inner) => format!("option<{}>", shape(resolve, inner)),
        TypeDefKind::List(inner) => format!("list<{}>", shape(resolve, inner)),
        TypeDefKind::Result(result) => format!("result<{}, {}>", part(&result.ok), part(&result.err)),
        other => other.as_str().into(),
    })
}

/// Whether the interface only uses it, and another one defines it.
fn is_borrowed(resolve: &Resolve, definition: &TypeDef) -> bool {
    let TypeDefKind::Type(Type::Id(of)) = definition.kind else { return false };
    let owner = |owner: &TypeOwner| match owner {
        TypeOwner::Interface(id) => Some(*id),
        TypeOwner::World(_) | TypeOwner::None => None,
    };
    resolve.types.get(of).is_some_and(|original| owner(&original.owner) != owner(&definition.owner))
}

fn paragraph(page: &mut String, docs: &Docs) -> Result<()> {
    if let Some(text) = &docs.contents {
        writeln!(page, "{}", text.trim())?;
    }
    Ok(())
}

fn one_line(docs: &Docs) -> String {
    docs.contents.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
