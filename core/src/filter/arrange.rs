//! Changing a list of rules by their names: adding, replacing, moving, resting.

use super::rule::{Filter, FilterName};

/// Where a rule goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    First,
    Last,
    Before(FilterName),
    After(FilterName),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArrangeError {
    #[error("there is no filter {0}")]
    NotThere(FilterName),
    #[error("there is a filter {0} already")]
    Taken(FilterName),
}

/// Adds a rule.
pub fn add(filters: &mut Vec<Filter>, filter: Filter, place: &Place) -> Result<(), ArrangeError> {
    if filters.iter().any(|known| known.name == filter.name) {
        return Err(ArrangeError::Taken(filter.name));
    }
    let position = position(filters, place)?;
    filters.insert(position, filter);
    Ok(())
}

/// Takes a rule out.
pub fn remove(filters: &mut Vec<Filter>, name: &FilterName) -> Result<Filter, ArrangeError> {
    let position = find(filters, name)?;
    Ok(filters.remove(position))
}

/// Puts a rule in the place of another; it may have another name.
pub fn replace(filters: &mut [Filter], name: &FilterName, filter: Filter) -> Result<(), ArrangeError> {
    if filter.name != *name && filters.iter().any(|known| known.name == filter.name) {
        return Err(ArrangeError::Taken(filter.name));
    }
    let position = find(filters, name)?;
    if let Some(place) = filters.get_mut(position) {
        *place = filter;
    }
    Ok(())
}

/// Moves a rule; before or after itself it stays where it is.
pub fn move_to(filters: &mut Vec<Filter>, name: &FilterName, place: &Place) -> Result<(), ArrangeError> {
    if matches!(place, Place::Before(other) | Place::After(other) if other == name) {
        return find(filters, name).map(drop);
    }
    // The place is looked for first: where it is not there, nothing has moved.
    position(filters, place)?;
    let filter = remove(filters, name)?;
    let position = position(filters, place)?;
    filters.insert(position, filter);
    Ok(())
}

/// Lets a rule act, or rest.
pub fn enable(filters: &mut [Filter], name: &FilterName, enabled: bool) -> Result<(), ArrangeError> {
    let position = find(filters, name)?;
    filters.iter_mut().skip(position).take(1).for_each(|filter| filter.enabled = enabled);
    Ok(())
}

fn find(filters: &[Filter], name: &FilterName) -> Result<usize, ArrangeError> {
    filters.iter().position(|filter| filter.name == *name).ok_or_else(|| ArrangeError::NotThere(name.clone()))
}

fn position(filters: &[Filter], place: &Place) -> Result<usize, ArrangeError> {
    match place {
        Place::First => Ok(0),
        Place::Last => Ok(filters.len()),
        Place::Before(other) => find(filters, other),
        Place::After(other) => Ok(find(filters, other)? + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> FilterName {
        FilterName::parse(text).unwrap()
    }

    fn filter(text: &str) -> Filter {
        Filter {
            name: name(text),
            enabled: true,
            matching: super::super::Matching::All,
            when: Vec::new(),
            then: super::super::Then { stop: true, ..super::super::Then::default() },
        }
    }

    fn list() -> Vec<Filter> {
        ["a", "b", "c"].map(filter).to_vec()
    }

    fn names(filters: &[Filter]) -> String {
        filters.iter().map(|filter| filter.name.as_str()).collect()
    }

    #[test]
    fn moving() {
        for (moved, place, want) in [
            ("c", Place::First, "cab"),
            ("a", Place::Last, "bca"),
            ("a", Place::After(name("b")), "bac"),
            ("c", Place::Before(name("b")), "acb"),
            ("b", Place::Before(name("b")), "abc"),
        ] {
            let mut filters = list();
            move_to(&mut filters, &name(moved), &place).unwrap();
            assert_eq!(names(&filters), want, "{moved} {place:?}");
        }
        let mut filters = list();
        let gone = Err(ArrangeError::NotThere(name("x")));
        assert_eq!(move_to(&mut filters, &name("a"), &Place::After(name("x"))), gone);
        assert_eq!(move_to(&mut filters, &name("x"), &Place::First), gone);
        assert_eq!(names(&filters), "abc");
    }

    #[test]
    fn adding_removing_replacing_and_resting() {
        let mut filters = list();
        assert_eq!(add(&mut filters, filter("b"), &Place::Last), Err(ArrangeError::Taken(name("b"))));
        add(&mut filters, filter("d"), &Place::Before(name("b"))).unwrap();
        assert_eq!(names(&filters), "adbc");
        assert_eq!(replace(&mut filters, &name("d"), filter("a")), Err(ArrangeError::Taken(name("a"))));
        replace(&mut filters, &name("d"), filter("e")).unwrap();
        remove(&mut filters, &name("a")).unwrap();
        assert_eq!(names(&filters), "ebc");
        enable(&mut filters, &name("b"), false).unwrap();
        assert_eq!(filters.iter().map(|filter| filter.enabled).collect::<Vec<_>>(), [true, false, true]);
        assert!(remove(&mut filters, &name("a")).is_err() && enable(&mut filters, &name("a"), true).is_err());
    }
}
