//! Style sheet, typeface and scripts, compiled in.

use include_dir::{Dir, include_dir};
use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Header, Status};
use rocket::response::Responder;
use rocket::{get, routes};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/web/assets");

#[derive(Responder)]
struct Asset {
    body: &'static [u8],
    kind: ContentType,
    cache: Header<'static>,
}

#[get("/assets/<path..>")]
fn asset(path: std::path::PathBuf) -> Result<Asset, Status> {
    let file = FILES.get_file(&path).ok_or(Status::NotFound)?;
    let kind = path.extension().and_then(|e| e.to_str()).and_then(ContentType::from_extension).unwrap_or(ContentType::Binary);
    Ok(Asset { body: file.contents(), kind, cache: Header::new("Cache-Control", "public, max-age=3600") })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("assets", |rocket| async { rocket.mount("/", routes![asset]) })
}
