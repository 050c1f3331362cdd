//! Opening a store: the guards, in their order, before anything may be read or written.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::engine::{Bytes, Engine, NotOpened};
use super::layer::Layer;
use super::lock::Lock;
use super::options::Options;
use super::repair::{self, Failed};
use super::space::Space;
use super::value;
use super::view::View;
use crate::store::error::OpenError;

/// Name of the schema record.
pub(super) const SCHEMA: &str = "schema";
/// Name of the layout record: spaces, forms and chunks as in `value`.
const LAYOUT: &str = "layout";
const LAYOUT_NUMBER: u32 = 1;

/// An open store that passed all guards.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) lock: Lock,
    pub(super) created: bool,
}

pub(super) fn open(options: &Options) -> Result<Opened, OpenError> {
    let dir = options.dir.as_path();
    let failed = |step: &'static str| move |source| OpenError::Io { step, path: dir.to_path_buf(), source };
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(failed("creating the parent of"))?;
    let lock = Lock::take(dir)?;
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed("creating"))?;
    check_space(options)?;
    remove_generating(dir).map_err(failed("removing a half-written snapshot in"))?;
    check_blobs(dir)?;
    let engine = match Engine::open(dir, options.cache_bytes) {
        Ok(engine) => engine,
        Err(NotOpened::InUse) => {
            let (store, lock) = (dir.to_path_buf(), dir.join("db"));
            return Err(OpenError::Locked { store, lock, holder: "unknown".to_owned() });
        }
        Err(NotOpened::Io(source)) => return Err(failed("opening")(source)),
        Err(NotOpened::Damaged(problem)) => {
            repair::open_without_snapshot(dir, options.cache_bytes, &problem).map_err(|error| match error {
                Failed::Damaged(problem) => OpenError::Damaged { store: dir.to_path_buf(), problem },
                Failed::Io(source) => failed("repairing")(source),
            })?
        }
    };
    check_blobs(dir)?;
    let created = check_numbers(&engine, options)?;
    // What recovery found may still be in the page cache only, and names of new files, too.
    engine.sync();
    sync_folder(dir).and_then(|()| sync_parent(dir)).map_err(failed("making durable"))?;
    Ok(Opened { engine, lock, created })
}

/// The schema number in the store.
pub(super) fn schema(view: &View<'_>) -> Option<u32> {
    number(view, SCHEMA)
}

pub(super) fn sync_folder(dir: &Path) -> io::Result<()> {
    let log = dir.join("db");
    File::open(log)?.sync_all()?;
    File::open(dir)?.sync_all()
}

pub(super) fn sync_parent(dir: &Path) -> io::Result<()> {
    File::open(dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?.sync_all()
}

fn check_space(options: &Options) -> Result<(), OpenError> {
    let store = options.dir.clone();
    match Space::new(&options.dir, options.hard_floor_bytes()).lack() {
        Ok(None) => Ok(()),
        Ok(Some((free_bytes, needed_bytes))) => Err(OpenError::NoRoom { store, free_bytes, needed_bytes }),
        Err(source) => Err(OpenError::Io { step: "asking for free space of", path: store, source }),
    }
}

/// A crash while sled writes its snapshot leaves a file that keeps the store from opening.
fn remove_generating(dir: &Path) -> io::Result<()> {
    for file in fs::read_dir(dir)? {
        let file = file?;
        if file.file_name().to_string_lossy().ends_with(".generating") {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

fn check_blobs(dir: &Path) -> Result<(), OpenError> {
    let path = dir.join("blobs");
    match fs::read_dir(&path).map(|mut files| files.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(OpenError::Blobs { store: dir.to_path_buf() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(OpenError::Io { step: "reading", path, source }),
    }
}

/// Checks layout and schema; a new store gets both. Returns whether it is new.
fn check_numbers(engine: &Engine, options: &Options) -> Result<bool, OpenError> {
    let store = options.dir.clone();
    let view = View::new(engine, [None; 3], None);
    match (number(&view, LAYOUT), number(&view, SCHEMA)) {
        (Some(LAYOUT_NUMBER), Some(stored)) if stored > options.known_schema => {
            Err(OpenError::NewerSchema { store, stored, known: options.known_schema })
        }
        (Some(LAYOUT_NUMBER), Some(_)) => Ok(false),
        (None, None) if engine.is_empty() => {
            let mut numbers = Layer::default();
            for (name, number) in [(LAYOUT, LAYOUT_NUMBER), (SCHEMA, options.known_schema)] {
                numbers.set(value::meta_key(name), Some(Bytes::from(&number.to_be_bytes())));
            }
            engine.commit(&numbers);
            Ok(true)
        }
        _ => Err(OpenError::UnknownLayout { store }),
    }
}

fn number(view: &View<'_>, name: &str) -> Option<u32> {
    let stored = view.stored(&value::meta_key(name))?;
    Some(u32::from_be_bytes(stored.as_ref().try_into().ok()?))
}
