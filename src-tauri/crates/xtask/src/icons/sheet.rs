//! The drawings of the one SVG source, rendered to pixels.

use std::path::Path;

use resvg::render_node;
use resvg::tiny_skia::{BlendMode, Pixmap, PixmapPaint, Transform};
use resvg::usvg::{Node, Options, Tree};

use crate::Result;

/// The parsed SVG source.
pub(crate) struct Sheet {
    tree: Tree,
}

/// How a layer joins the ones below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Painted over what is there.
    Paint(&'static str),
    /// Cut out of what is there, so that a sign of the same colour stays visible.
    Cut(&'static str),
}

impl Sheet {
    /// Reads the source from a file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is not SVG.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Result<Self> {
        Ok(Self {
            tree: Tree::from_str(text, &Options::default())?,
        })
    }

    /// Renders layers drawn on a grid of `grid` units, one unit being `size / (grid + 2 * border)` pixels.
    ///
    /// # Errors
    ///
    /// If a layer is not on the sheet.
    pub(crate) fn render(
        &self,
        layers: &[Layer],
        grid: u16,
        border: u16,
        size: u32,
    ) -> Result<Pixmap> {
        let mut picture = Pixmap::new(size, size).ok_or("a picture needs a size")?;
        for layer in layers {
            let (name, blend_mode) = match *layer {
                Layer::Paint(name) => (name, BlendMode::SourceOver),
                Layer::Cut(name) => (name, BlendMode::DestinationOut),
            };
            let pixels = self.render_one(name, grid, border, size)?;
            let paint = PixmapPaint {
                blend_mode,
                ..PixmapPaint::default()
            };
            picture.draw_pixmap(0, 0, pixels.as_ref(), &paint, Transform::identity(), None);
        }
        Ok(picture)
    }

    fn render_one(&self, name: &str, grid: u16, border: u16, size: u32) -> Result<Pixmap> {
        let node = self
            .tree
            .node_by_id(name)
            .ok_or_else(|| format!("the SVG source has no drawing \"{name}\""))?;
        let Node::Group(group) = node else {
            return Err(format!("\"{name}\" in the SVG source is not a group").into());
        };
        let painted = node
            .abs_layer_bounding_box()
            .filter(|_| group.has_children())
            .ok_or_else(|| format!("the drawing \"{name}\" is empty"))?;
        // A node is rendered with the corner of what it paints at the origin: move it back to its place in the cell.
        let cell = group.abs_transform();
        let (border, grid) = (f32::from(border), f32::from(grid));
        #[expect(clippy::cast_precision_loss, reason = "sizes are below 2^10")]
        let scale = size as f32 / (grid + 2.0 * border);
        let transform = Transform::from_translate(
            painted.x() - cell.tx + border,
            painted.y() - cell.ty + border,
        )
        .post_scale(scale, scale);
        let mut picture = Pixmap::new(size, size).ok_or("a picture needs a size")?;
        render_node(node, transform, &mut picture.as_mut())
            .ok_or_else(|| format!("the drawing \"{name}\" cannot be rendered"))?;
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
        <g id="square" transform="translate(32 8)"><path d="M2 4h4v2H2z"/></g>
        <g id="dot" transform="translate(0 40)"><path d="M3 4h1v1H3z"/></g>
        <g id="empty" transform="translate(0 50)"/>
    </svg>"#;

    fn alphas(picture: &Pixmap, row: u32) -> Vec<u8> {
        (0..picture.width())
            .map(|x| picture.pixel(x, row).unwrap().alpha())
            .collect()
    }

    #[test]
    fn a_drawing_keeps_its_place_in_its_cell() {
        let sheet = Sheet::parse(SOURCE).unwrap();
        let picture = sheet.render(&[Layer::Paint("square")], 8, 0, 8).unwrap();
        assert_eq!(alphas(&picture, 3), [0; 8]);
        assert_eq!(alphas(&picture, 4), [0, 0, 255, 255, 255, 255, 0, 0]);
    }

    #[test]
    fn a_border_surrounds_the_drawing_and_scales_with_it() {
        let sheet = Sheet::parse(SOURCE).unwrap();
        let picture = sheet.render(&[Layer::Paint("square")], 8, 1, 20).unwrap();
        assert_eq!(alphas(&picture, 9), [0; 20]);
        let row = alphas(&picture, 10);
        assert_eq!(row[..6], [0; 6]);
        assert_eq!(row[6..14], [255; 8]);
        assert_eq!(row[14..], [0; 6]);
    }

    #[test]
    fn a_cut_layer_removes_what_it_covers() {
        let sheet = Sheet::parse(SOURCE).unwrap();
        let picture = sheet
            .render(&[Layer::Paint("square"), Layer::Cut("dot")], 8, 0, 8)
            .unwrap();
        assert_eq!(alphas(&picture, 4), [0, 0, 255, 0, 255, 255, 0, 0]);
    }

    #[test]
    fn a_missing_or_empty_drawing_is_named() {
        let sheet = Sheet::parse(SOURCE).unwrap();
        for name in ["nothing", "empty"] {
            let error = sheet.render(&[Layer::Paint(name)], 8, 0, 8).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
