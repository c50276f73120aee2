//! The outlines maps are drawn from: those that come with the program, and a province's own files beside the database.

use std::path::Path;

use super::load_seed;
use crate::{
    domain::outlines::Outlines,
    imports::outlines::{self, OutlinesError},
};

/// A file of outlines that could not be used; the others are.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct BadMap {
    /// Its name.
    pub file: String,
    /// Why not.
    pub cause: MapFault,
}

/// What is wrong with a file of outlines.
#[derive(Debug, thiserror::Error)]
pub enum MapFault {
    /// It cannot be read from the disk.
    #[error(transparent)]
    Unreadable(#[from] std::io::Error),
    /// It is not what it should be.
    #[error(transparent)]
    Bad(#[from] OutlinesError),
}

/// Reads the program's outlines and then `*.topojson` and `*.geojson` of `folder`, whose places replace those read
/// before. A bad file is left out and said.
pub fn load_maps(folder: &Path) -> (Outlines, Vec<BadMap>) {
    let mut outlines = Outlines::default();
    let mut bad = Vec::new();
    let mut take = |file: String, read: std::result::Result<Outlines, MapFault>| match read {
        Ok(more) => outlines.replace_with(more),
        Err(cause) => bad.push(BadMap { file, cause }),
    };
    for (name, bytes) in load_seed::maps() {
        take(name, outlines::read(&bytes).map_err(MapFault::from));
    }
    let mut own: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    own.retain(|path| path.extension().is_some_and(|end| end == "topojson" || end == "geojson"));
    own.sort();
    for path in own {
        let read = std::fs::read(&path).map_err(MapFault::from);
        take(path.display().to_string(), read.and_then(|bytes| Ok(outlines::read(&bytes)?)));
    }
    (outlines, bad)
}
