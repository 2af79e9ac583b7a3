//! Sites in SQLite.

use super::SqliteStore;
use super::settings::taken;
use super::transaction::WriteTransaction;
use crate::model::ids::{DepartmentId, SiteId};
use crate::model::site::{Site, SiteForm};
use crate::store::{ChangeError, StoreError};
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use std::collections::HashMap;

impl SqliteStore {
    /// All sites, by name.
    pub(super) async fn read_sites(&self) -> Result<Vec<Site>, StoreError> {
        let rows =
            sqlx::query("SELECT id, key, name, origins, color, greeting, away FROM sites ORDER BY name COLLATE NOCASE")
                .fetch_all(&self.readers)
                .await?;
        let offered = sqlx::query("SELECT site_id, department_id FROM site_departments ORDER BY department_id")
            .fetch_all(&self.readers)
            .await?;
        let mut of: HashMap<i64, Vec<DepartmentId>> = HashMap::new();
        for row in &offered {
            of.entry(row.get(0)).or_default().push(DepartmentId(row.get(1)));
        }
        rows.iter().map(|row| read_site(row, of.remove(&row.get(0)).unwrap_or_default())).collect()
    }

    /// Adds a site, or changes this one.
    pub(super) async fn write_site(&self, id: Option<SiteId>, form: &SiteForm) -> Result<SiteId, ChangeError> {
        let mut transaction = WriteTransaction::begin(&self.writer).await?;
        let written = write_site(&mut transaction, id, form).await;
        transaction.finish(written).await
    }
}

async fn write_site(
    connection: &mut SqliteConnection,
    id: Option<SiteId>,
    form: &SiteForm,
) -> Result<SiteId, ChangeError> {
    let sql = match id {
        None => {
            "INSERT INTO sites (key, name, origins, color, greeting, away) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"
        }
        Some(_) => {
            "UPDATE sites SET key = $1, name = $2, origins = $3, color = $4, greeting = $5, away = $6 \
             WHERE id = $7 RETURNING id"
        }
    };
    let write = sqlx::query(sql)
        .bind(&form.key)
        .bind(&form.name)
        .bind(serde_json::Value::from(form.origins.clone()).to_string())
        .bind(&form.color)
        .bind(&form.greeting)
        .bind(&form.away);
    let write = match id {
        None => write,
        Some(id) => write.bind(id.0),
    };
    let row = write.fetch_optional(&mut *connection).await.map_err(taken)?.ok_or(ChangeError::Gone)?;
    let id = SiteId(row.get(0));
    sqlx::query("DELETE FROM site_departments WHERE site_id = $1").bind(id.0).execute(&mut *connection).await?;
    for department in &form.departments {
        // What is not there any more is left out.
        sqlx::query(
            "INSERT INTO site_departments (site_id, department_id) SELECT $1, id FROM departments WHERE id = $2",
        )
        .bind(id.0)
        .bind(department.0)
        .execute(&mut *connection)
        .await?;
    }
    Ok(id)
}

fn read_site(row: &SqliteRow, departments: Vec<DepartmentId>) -> Result<Site, StoreError> {
    let (id, origins): (i64, String) = (row.get(0), row.get(3));
    let origins = serde_json::from_str(&origins)
        .map_err(|error| StoreError::Corrupt(format!("the websites of site {id}: {error}")))?;
    let form = SiteForm {
        key: row.get(1),
        name: row.get(2),
        origins,
        color: row.get(4),
        greeting: row.get(5),
        away: row.get(6),
        departments,
    };
    Ok(Site { id: SiteId(id), form })
}
