//! The versions that a change asks for: that of the client, and that of the document.
//!
//! The client's is compared as Cargo reads it (<https://doc.rust-lang.org/cargo/reference/semver.html>): of
//! `0.y.z`, a break raises `y` and an addition `z`; of `0.0.z`, both raise `z`; of others, the first and the
//! second number. A side has a version where it is a revision, or the folder itself; a file alone has none.
//!
//! What has to be raised is the last version that others can depend on. Where the changelog of the base calls
//! the version of the base not released yet, that is the one under it, whatever the changelog says of that one;
//! where there is none under it, nobody depends on anything, and every version fits.

use std::ops::Range;

use agen_codegen::{
    Lines, Position,
    review::{
        Impact, Review,
        rust::{Level, RustChange},
    },
};
use semver::{BuildMetadata, Prerelease, Version};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The manifest of the client, and that of the workspace.
pub(super) const MANIFEST: &str = "agen-api/Cargo.toml";
pub(super) const WORKSPACE: &str = "Cargo.toml";

/// How the changelog calls a version that is being worked on.
const UNRELEASED: [&str; 8] = [
    "not released",
    "not yet released",
    "unreleased",
    "to be released",
    "in development",
    "in progress",
    "tbd",
    "tba",
];

/// What is said of versions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) client: Bump,
    /// `info.version` of the document.
    pub(crate) document: Bump,
    /// The next entry of the changelog, in Markdown; nothing where the client is the same.
    pub(crate) entry: Option<String>,
}

/// What a version has to become, and what it becomes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bump {
    /// What the change asks for; nothing where nothing has changed.
    pub(crate) needed: Option<Level>,
    /// The version of each side, where it has one.
    pub(crate) base: Option<String>,
    pub(crate) head: Option<String>,
    /// The last version that others can depend on, where that is not the one of the base.
    pub(crate) released: Option<String>,
    /// The least version that fits; nothing where none is needed, or where none can be told.
    pub(crate) least: Option<String>,
    /// Whether the head has a version that fits; nothing where that cannot be told.
    pub(crate) fits: Option<bool>,
    /// Why a side has no version, where it should have one.
    pub(crate) unreadable: Option<String>,
    /// Where the head says its version: a manifest and a place in it.
    pub(crate) at: Option<(&'static str, Range<Position>)>,
}

/// What is read of a side beside its document.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// `agen-api/Cargo.toml`.
    pub(crate) manifest: Option<String>,
    /// `Cargo.toml` of the workspace.
    pub(crate) workspace: Option<String>,
    /// `CHANGELOG.md`.
    pub(crate) changelog: Option<String>,
}

impl Package {
    /// The version of the package: its own, or that of the workspace where it says so. Nothing where the side has
    /// no manifest, an error where the manifest cannot be followed.
    fn version(&self) -> Result<Option<Said>, String> {
        let Some(manifest) = &self.manifest else {
            return Ok(None);
        };
        let own = table(MANIFEST, manifest)?;
        let value = under(&own, &["package", "version"]);
        let inherited =
            value.and_then(|value| value.get_ref().get("workspace")?.get_ref().as_bool());
        if inherited != Some(true) {
            return said(MANIFEST, manifest, value).map(Some);
        }
        let workspace = self.workspace.as_deref().unwrap_or_default();
        let all = table(WORKSPACE, workspace)?;
        let value = under(&all, &["workspace", "package", "version"]);
        said(WORKSPACE, workspace, value).map(Some)
    }

    /// The version that others can depend on, where this side has this version.
    fn released(&self, version: &Version) -> Option<Version> {
        let entries: Vec<(Version, bool)> = self
            .changelog
            .iter()
            .flat_map(|text| entries(text))
            .collect();
        let own = entries.iter().position(|(found, _)| found == version);
        match own.and_then(|own| entries.get(own..)) {
            Some([(_, false), rest @ ..]) => rest.first().map(|(found, _)| found.clone()),
            _ => Some(version.clone()),
        }
    }
}

/// A version, and where it stands.
#[derive(Debug)]
struct Said {
    version: Version,
    at: (&'static str, Range<Position>),
}

/// A manifest. What the parser says of a broken one quotes it, so that it is left out.
fn table<'m>(file: &str, text: &'m str) -> Result<Spanned<DeTable<'m>>, String> {
    DeTable::parse(text).map_err(|_| format!("{file} is no TOML"))
}

fn under<'t, 'm>(
    table: &'t Spanned<DeTable<'m>>,
    keys: &[&str],
) -> Option<&'t Spanned<DeValue<'m>>> {
    let (first, rest) = keys.split_first()?;
    let first = table.get_ref().get(*first)?;
    rest.iter()
        .try_fold(first, |value, key| value.get_ref().get(*key))
}

fn said(
    file: &'static str,
    text: &str,
    value: Option<&Spanned<DeValue<'_>>>,
) -> Result<Said, String> {
    let version = value.and_then(|value| Version::parse(value.get_ref().as_str()?).ok());
    let Some((value, version)) = value.zip(version) else {
        return Err(format!("{file} has no version that Cargo would take"));
    };
    let lines = Lines::new(text);
    let Range { start, end } = value.span();
    let at = (file, lines.position(start)..lines.position(end));
    Ok(Said { version, at })
}

/// The versions of a changelog, from the top, and whether each is released.
fn entries(changelog: &str) -> impl Iterator<Item = (Version, bool)> {
    let headings = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "));
    headings.filter_map(|heading| {
        let mut words = heading.split([' ', ',', '[', ']']);
        let version = words.find_map(|word| Version::parse(word.trim_start_matches('v')).ok())?;
        let heading = heading.to_lowercase();
        let unreleased = UNRELEASED.iter().any(|words| heading.contains(words));
        Some((version, !unreleased))
    })
}

/// What the changes ask for of the versions of two sides.
pub(crate) fn versions(review: &Review, packages: [&Package; 2]) -> Versions {
    let client = client(review, packages);
    let entry = review.rust.as_ref().and_then(|rust| {
        let fitting = match client.fits {
            Some(true) => client.head.as_deref(),
            _ => client.least.as_deref(),
        };
        entry(review, &rust.changes, fitting)
    });
    Versions {
        entry,
        document: document(review),
        client,
    }
}

fn client(review: &Review, packages: [&Package; 2]) -> Bump {
    let rust = review.rust.as_ref();
    let wire = review.wire.as_ref();
    let gravest = wire.and_then(|wire| wire.counts.gravest());
    let needed = rust.and_then(|rust| {
        let level = rust.level();
        // What goes out can be another thing although a caller writes the same.
        (level > Level::Patch || gravest.is_some() || !rust.changes.is_empty()).then_some(level)
    });
    // Who compiles as before and fails at run time is broken all the same.
    let needed = needed.max((gravest == Some(Impact::Breaking)).then_some(Level::Major));
    let [base, head] = packages.map(Package::version);
    let wrong = [("the base", &base), ("the head", &head)];
    let unreadable = wrong.into_iter().find_map(|(side, version)| {
        let why = version.as_ref().err()?;
        Some(format!("of {side}, {why}"))
    });
    let head = head.ok().flatten();
    let at = head.as_ref().map(|head| head.at.clone());
    let [base, head] = [base.ok().flatten(), head].map(|it| it.map(|it| it.version));
    let released = base.as_ref().and_then(|base| packages[0].released(base));
    let mut bump = bump(
        needed,
        base.as_ref().map(|_| released.as_ref()),
        head.as_ref(),
    );
    if rust.is_none() && needed.is_none() {
        bump.fits = None;
    }
    (bump.unreadable, bump.at) = (unreadable, at);
    bump.released = released
        .filter(|found| Some(found) != base.as_ref())
        .map(|found| found.to_string());
    bump.base = base.map(|base| base.to_string());
    bump.head = head.map(|head| head.to_string());
    bump
}

/// `from` is what has to be raised, `Some(None)` where nobody depends on anything yet.
fn bump(needed: Option<Level>, from: Option<Option<&Version>>, head: Option<&Version>) -> Bump {
    let least = needed
        .zip(from.flatten())
        .map(|(needed, from)| raised(from, needed));
    let fits = match (from, head, &least) {
        (Some(None), Some(_), _) => Some(true),
        (Some(Some(from)), Some(head), None) => Some(head >= from),
        (Some(Some(_)), Some(head), Some(least)) => Some(head >= least),
        _ => None,
    };
    Bump {
        needed,
        least: least.map(|least| least.to_string()),
        fits,
        ..Bump::default()
    }
}

/// The least version that may have changes of this level. After a version that is none yet (`1.0.0-rc.1`),
/// everything may change.
fn raised(from: &Version, level: Level) -> Version {
    let mut next = Version {
        pre: Prerelease::EMPTY,
        build: BuildMetadata::EMPTY,
        ..*from
    };
    if !from.pre.is_empty() {
        let mut next = from.clone();
        next.build = BuildMetadata::EMPTY;
        let (before, last) = from.pre.rsplit_once('.').unwrap_or((&from.pre, ""));
        let counted = last
            .parse::<u64>()
            .ok()
            .and_then(|last| last.checked_add(1));
        let text = match counted {
            Some(number) => format!("{before}.{number}"),
            None => format!("{}.1", from.pre.as_str()),
        };
        next.pre = Prerelease::new(&text).unwrap_or_else(|_| from.pre.clone());
        return next;
    }
    match (from.major, from.minor, level) {
        (0, 0, _) | (_, _, Level::Patch) | (0, _, Level::Minor) => {
            next.patch = next.patch.saturating_add(1)
        }
        (0, _, Level::Major) | (_, _, Level::Minor) => {
            next.minor = next.minor.saturating_add(1);
            next.patch = 0;
        }
        (_, _, Level::Major) => {
            next.major = next.major.saturating_add(1);
            (next.minor, next.patch) = (0, 0);
        }
    }
    next
}

/// What the wire asks for of `info.version`. One that is no version of three numbers says nothing of what has
/// changed: it fits where it is another one.
fn document(review: &Review) -> Bump {
    let wire = review.wire.as_ref();
    let needed = wire
        .and_then(|wire| wire.counts.gravest())
        .map(|gravest| match gravest {
            Impact::Breaking => Level::Major,
            Impact::Notable | Impact::Compatible => Level::Minor,
        });
    let [base, head] = &review.versions;
    let parsed =
        [base, head].map(|text| Version::parse(text.as_deref()?.trim_start_matches('v')).ok());
    let mut bump = match &parsed {
        [Some(from), Some(to)] => bump(needed, Some(Some(from)), Some(to)),
        _ => Bump {
            needed,
            fits: base
                .as_ref()
                .zip(head.as_ref())
                .map(|(base, head)| needed.is_none() || base != head),
            ..Bump::default()
        },
    };
    (bump.base, bump.head) = (base.clone(), head.clone());
    bump
}

/// How many lines a section of an entry has at most.
const MOST_LINES: usize = 50;

/// The next entry of the changelog, in the form of Keep a Changelog: what has changed in Rust, and what breaks on
/// the wire although every caller compiles.
fn entry(review: &Review, changes: &[RustChange], version: Option<&str>) -> Option<String> {
    let mut sections =
        ["Added", "Changed", "Deprecated", "Removed"].map(|title| (title, Vec::new()));
    for change in changes {
        let (id, level) = (change.rule.id, change.rule.level);
        let section = match level {
            _ if id == "rust-deprecated" => 2,
            Level::Minor if id.ends_with("-added") => 0,
            Level::Major if id.ends_with("-removed") && id != "rust-argument-removed" => 3,
            _ => 1,
        };
        let line = match section {
            0 | 2 | 3
                if change.rule.id != "rust-trait-added"
                    && change.rule.id != "rust-trait-removed" =>
            {
                format!("- `{}`.\n", change.item)
            }
            _ => format!("- {}.\n", change.message),
        };
        let (_, lines) = &mut sections[section];
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let findings = review.wire.iter().flat_map(|wire| &wire.findings);
    for (index, found) in findings.enumerate() {
        if found.accepted.is_none() && review.breaks_the_wire_alone(index) {
            let line = format!("- On the wire: {}.\n", found.message);
            let (_, lines) = &mut sections[1];
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let is_empty = sections.iter().all(|(_, lines)| lines.is_empty());
    let mut text = match version {
        Some(version) => format!("## {version}, not released yet\n"),
        None => "## Unreleased\n".to_owned(),
    };
    for (title, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
        text.push_str(&format!("\n### {title}\n\n"));
        lines
            .iter()
            .take(MOST_LINES)
            .for_each(|line| text.push_str(line));
        if let Some(more) = lines.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
            text.push_str(&format!("- And {more} more.\n"));
        }
    }
    (!is_empty).then_some(text)
}

#[cfg(test)]
mod tests;
