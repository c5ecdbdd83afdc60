//! What comes back of two operations compared, and bodies of either way.

use crate::{
    diagnostic::quote,
    docs::{
        edits,
        facts::{Answer, At, Content, Stated, Tree},
        rules,
    },
    document::Node,
    review::Impact,
};

use super::{
    operations::{Said, Told},
    values::{Comparison, Name},
};

impl Comparison<'_> {
    pub(super) fn content(
        &mut self,
        page: &Content<Tree>,
        document: &Content<Node<'_>>,
        places: (&At, &At),
        name: &Name,
    ) {
        if let (Some(told), Some(said)) = (&page.media, &document.media)
            && told != said
        {
            let message = format!(
                "{} is {} in the document and {} on the page",
                name.noun,
                quote(said),
                quote(told)
            );
            let key = document.media_at.as_ref();
            let edit = key.and_then(|key| edits::rename(&key.pointer, told));
            let rule = &rules::MEDIA_TYPE;
            self.add(rule, Impact::Breaking, name, message, places, edit);
        }
        self.value(&page.shape, &document.shape, name, 0);
    }

    pub(super) fn answers(&mut self, told: &Told, said: &Said<'_>) {
        let mut used = vec![false; said.answers.len()];
        let mut alone = Vec::new();
        let pairs = pairs(told, said);
        for (answer, found) in told.answers.iter().zip(pairs) {
            let document = found.and_then(|at| Some((at, said.answers.get(at)?)));
            match document {
                Some((at, document)) => {
                    used[at] = true;
                    self.answer(answer, document);
                }
                None => alone.push(answer),
            }
        }
        let open = said.answers.iter().zip(&used);
        let open: Vec<_> = open.filter(|(_, used)| !**used).map(|(it, _)| it).collect();
        // One in the place of the other.
        let success = open.iter().filter(|it| is_success(it.status.as_deref()));
        let success: Vec<_> = success.collect();
        let only = match (alone.as_slice(), open.as_slice(), success.as_slice()) {
            ([one], [other], _) if told.answers_whole => Some((*one, *other)),
            ([one], _, [other]) if is_success(one.status.as_deref()) => Some((*one, **other)),
            _ => None,
        };
        if let Some((one, other)) = only {
            self.status(one, other, said);
            self.answer(one, other);
        } else {
            alone.iter().for_each(|one| self.status_missing(one, said));
        }
        if !told.answers_whole {
            return;
        }
        for answer in open {
            if only.is_some_and(|(_, other)| std::ptr::eq(other, answer)) {
                continue;
            }
            let status = answer.status.as_deref().unwrap_or_default();
            // The default of the page is that of success, and of all others.
            let mut all = told.answers.iter();
            if let Some(same) = all.find(|it| it.status.as_deref() == Some(status)) {
                self.answer(same, answer);
                continue;
            }
            let message = format!(
                "the status {} is in the document, and not on the page",
                quote(&written(status))
            );
            let name = Name::new("", &format!("answer.{status}"));
            let places = (&answer.at, &told.at);
            let edit = edits::remove(&key(answer, said));
            let rule = &rules::STATUS_NOT_DOCUMENTED;
            self.add(rule, Impact::Compatible, &name, message, places, edit);
        }
    }

    fn status(&mut self, told: &Answer<Tree>, answer: &Answer<Node<'_>>, said: &Said<'_>) {
        let document = quote(&written(answer.status.as_deref().unwrap_or_default()));
        let message = match told.status.as_deref() {
            Some(status) => format!(
                "an answer has the status {document} in the document and {} on the page",
                quote(&written(status))
            ),
            None => format!(
                "the answer has the status {document} in the document, and is that of success on the page"
            ),
        };
        let is_error = told
            .status
            .as_deref()
            .is_some_and(|it| !it.starts_with('2'));
        let severity = if is_error {
            Impact::Notable
        } else {
            Impact::Breaking
        };
        let edit = edits::rename(
            &key(answer, said),
            &written(told.status.as_deref().unwrap_or("2XX")),
        );
        let name = Name::new("", "answer");
        let places = (&answer.at, &told.at);
        self.add(
            &rules::STATUS_DIFFERS,
            severity,
            &name,
            message,
            places,
            edit,
        );
    }

    fn status_missing(&mut self, told: &Answer<Tree>, said: &Said<'_>) {
        let (message, word) = match told.status.as_deref() {
            Some(status) => (
                format!(
                    "the status {} is on the page, and not in the document",
                    quote(&written(status))
                ),
                written(status),
            ),
            None => (
                "the page describes success, and the document has no status of it".to_owned(),
                "2XX".to_owned(),
            ),
        };
        let edit = edits::set(
            &format!("{}/responses", said.at.pointer),
            edits::answer(told, &word).join("\n"),
        );
        let name = Name::new("", &format!("answer.{word}"));
        let places = (&said.at, &told.at);
        let rule = &rules::STATUS_MISSING;
        self.add(rule, Impact::Notable, &name, message, places, edit);
    }

    fn answer(&mut self, told: &Answer<Tree>, said: &Answer<Node<'_>>) {
        let name = &Name::new("the answer", "answer");
        match (&told.body, &said.body) {
            (Stated::Is(page, at), Stated::Is(document, place)) => {
                self.content(page, document, (place, at), name);
            }
            (Stated::Is(page, at), Stated::Absent) => {
                let message =
                    "the page describes what comes back, and the document does not".to_owned();
                let edit = edits::set(&said.at.pointer, edits::content(page).join("\n"));
                let rule = &rules::ANSWER_MISSING;
                let places = (&said.at, at);
                self.add(rule, Impact::Compatible, name, message, places, edit);
            }
            (Stated::Absent, Stated::Is(_, place)) => {
                let message =
                    "the document describes what comes back, and the page says that nothing does"
                        .to_owned();
                let edit = edits::remove(&format!("{}/content", said.at.pointer));
                let rule = &rules::ANSWER_NOT_DOCUMENTED;
                self.add(
                    rule,
                    Impact::Notable,
                    name,
                    message,
                    (place, &told.at),
                    edit,
                );
            }
            _ => {}
        }
    }
}

/// For each answer of the page, the index of the one in the document that holds for its status.
///
/// An answer of which a page names no status is the one of success; so is a default without any success
/// beside it.
fn pairs(told: &Told, said: &Said<'_>) -> Vec<Option<usize>> {
    let find = |status: &str| {
        let mut all = said.answers.iter();
        all.position(|it| it.status.as_deref() == Some(status))
    };
    let alone = !told.answers.iter().any(|it| {
        it.status
            .as_deref()
            .is_some_and(|status| status.starts_with('2'))
    });
    let has_body = |it: &Answer<Node<'_>>| matches!(it.body, Stated::Is(..));
    let success = || {
        let all = said.answers.iter().enumerate();
        let all = all.filter(|(_, it)| it.status.as_deref().is_some_and(|it| it.starts_with('2')));
        // Of several, the first with something in it.
        let found = all.min_by_key(|(_, it)| !has_body(it));
        found.map(|(at, _)| at)
    };
    let pair = |answer: &Answer<Tree>| match answer.status.as_deref() {
        None => success().or_else(|| find("DEFAULT")),
        Some("DEFAULT") if alone => success().or_else(|| find("DEFAULT")),
        Some(status) => {
            let range = format!("{}XX", status.get(..1).unwrap_or_default());
            let named = find(status).or_else(|| find(&range));
            named.or_else(|| find("DEFAULT"))
        }
    };
    told.answers.iter().map(pair).collect()
}

/// Whether a status is one of success; one that is not named is.
fn is_success(status: Option<&str>) -> bool {
    status.is_none_or(|status| status.starts_with('2'))
}

/// A status as a document writes it.
fn written(status: &str) -> String {
    status.replace("DEFAULT", "default")
}

/// The pointer of an answer, or of the reference to it.
fn key(answer: &Answer<Node<'_>>, said: &Said<'_>) -> String {
    if answer.at.pointer.starts_with(&said.at.pointer) {
        return answer.at.pointer.clone();
    }
    let status = written(answer.status.as_deref().unwrap_or_default());
    format!("{}/responses/{status}", said.at.pointer)
}
