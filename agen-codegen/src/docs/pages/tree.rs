//! The fields of a section, put together to one value.

use std::collections::BTreeSet;

use crate::{
    docs::{
        facts::{At, Field, Kind, Shape, Stated, Tree},
        kinds,
    },
    value::Value,
};

use super::{
    markers::Marks,
    sections::{End, Section},
};

impl Section {
    /// Puts the fields together to the value that they are of.
    pub(super) fn tree(
        &mut self,
        at: At,
        sample: Option<&Value>,
        sample_at: &At,
        end: End,
    ) -> Tree {
        let mut root: Shape<Tree> = Shape::unknown(at);
        let stated = self.head.iter().filter(|line| !line.cut).find_map(|line| {
            let told = line.text.split("of type ").nth(1);
            let told = told.map(|text| text.trim_end_matches('.').trim_matches('`'));
            let written = kinds::parse(told.unwrap_or(&line.text))?;
            Some((written, At::page(line.span.clone())))
        });
        let is_list = match (&stated, sample) {
            (Some((written, _)), _) => written.items.is_some(),
            (None, Some(sample)) => sample.is_array(),
            (None, None) => false,
        };
        let mut holder: Shape<Tree> = Shape::unknown(root.at.clone());
        let last = self.entries.last().map(|entry| entry.path.clone());
        for entry in std::mem::take(&mut self.entries) {
            insert(
                &mut holder,
                &entry.path,
                entry.required,
                &entry.at,
                entry.shape,
            );
        }
        holder.fields_whole = !holder.fields.is_empty() && self.whole;
        // That the text ends is no sign that the fields do.
        if end != End::Followed && sample.is_none() {
            unproven(&mut holder, last.as_deref().unwrap_or_default());
        }
        if !holder.fields.is_empty() {
            holder.kinds = Stated::Is(BTreeSet::from([Kind::Object]), holder.at.clone());
        }
        match &stated {
            Some((written, type_at)) if holder.fields.is_empty() => {
                let marks = Marks::default();
                root = marks.shape(written, root.at.clone(), type_at.clone(), end == End::Cut);
                root.bounds_known = &[];
                root.values = Stated::Unknown;
                root.default = Stated::Unknown;
                root.fields_whole = false;
            }
            _ if is_list => {
                root.kinds = Stated::Is(BTreeSet::from([Kind::Array]), root.at.clone());
                root.items = Some(Tree::new(holder));
            }
            _ => root = holder,
        }
        if let Some(sample) = sample {
            self.witness(&mut root, sample, sample_at, "", 0);
        }
        let whole = self.whole;
        if !whole {
            close(&mut root, self.strange);
        }
        Tree::new(root)
    }
}

/// Notes that more fields may follow the last one, in whatever holds that.
fn unproven(shape: &mut Shape<Tree>, last: &[String]) {
    if let Some(items) = &mut shape.items {
        return unproven(&mut items.0, last);
    }
    shape.fields_unproven = shape.fields_whole;
    shape.fields_whole = false;
    if let [name, rest @ ..] = last
        && let Some(field) = shape.fields.get_mut(name)
    {
        unproven(&mut field.shape.0, rest);
    }
}

/// Takes back that there are no other fields; `deep`, also in the values of the fields.
fn close(shape: &mut Shape<Tree>, deep: bool) {
    shape.fields_whole = false;
    shape.fields_unproven = false;
    if let Some(items) = &mut shape.items {
        close(&mut items.0, deep);
    }
    if deep {
        for field in shape.fields.values_mut() {
            close(&mut field.shape.0, deep);
        }
    }
}

fn insert(
    holder: &mut Shape<Tree>,
    path: &[String],
    required: Option<bool>,
    at: &At,
    shape: Shape<Tree>,
) {
    // The fields of a list are those of its elements.
    if let Some(items) = &mut holder.items {
        items.0.fields_whole = holder.fields_whole;
        return insert(&mut items.0, path, required, at, shape);
    }
    match path {
        [] => {}
        [name] => {
            holder.fields.insert(
                name.clone(),
                Field {
                    required,
                    at: at.clone(),
                    shape: Tree::new(shape),
                },
            );
        }
        [name, rest @ ..] => {
            let field = holder.fields.entry(name.clone()).or_insert_with(|| Field {
                required: None,
                at: at.clone(),
                shape: Tree::new(Shape::unknown(at.clone())),
            });
            insert(&mut field.shape.0, rest, required, at, shape);
        }
    }
}
