//! A screen as SVG: one text for each run of cells that look alike.

use vt100::{Cell, Color, Screen};

/// Of a cell, in pixels.
const WIDTH: f64 = 8.4;
const HEIGHT: u32 = 18;
const DARK: &str = "#1e1e2e";
const LIGHT: &str = "#d6d6e0";

#[derive(PartialEq, Clone, Copy)]
struct Look {
    colour: &'static str,
    bold: bool,
    dim: bool,
    reversed: bool,
}

pub fn draw(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = ((f64::from(columns) * WIDTH).ceil() + 20.0, u32::from(rows) * HEIGHT + 20);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"DejaVu Sans \
         Mono, Menlo, Consolas, monospace\" font-size=\"14\">\n<rect width=\"100%\" height=\"100%\" rx=\"6\" \
         fill=\"{DARK}\"/>\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let (look, begin) = (look_at(screen.cell(row, column)), column);
            let mut text = String::new();
            let mut wide = false;
            while column < columns && look_at(screen.cell(row, column)) == look {
                let cell = screen.cell(row, column);
                let shown = cell.map(Cell::contents).unwrap_or_default();
                wide |= cell.is_some_and(Cell::is_wide);
                if !cell.is_some_and(Cell::is_wide_continuation) {
                    text.push_str(if shown.is_empty() { " " } else { shown });
                }
                column += 1;
            }
            if !text.trim().is_empty() || look.reversed {
                run(&mut svg, row, begin, column - begin, look, &text, wide);
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn run(svg: &mut String, row: u16, column: u16, columns: u16, look: Look, text: &str, wide: bool) {
    let (x, y) = (10.0 + f64::from(column) * WIDTH, 10 + u32::from(row) * HEIGHT);
    let length = f64::from(columns) * WIDTH;
    let mut colour = look.colour;
    if look.reversed {
        svg.push_str(&format!(
            "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{length:.1}\" height=\"{HEIGHT}\" fill=\"{colour}\"/>\n"
        ));
        colour = DARK;
    }
    let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
    let faint = if look.dim { " opacity=\"0.6\"" } else { "" };
    // Fonts differ in width; lengths do not where every sign takes one cell.
    let fit =
        if wide { String::new() } else { format!(" textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\"") };
    let shown = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    svg.push_str(&format!(
        "<text x=\"{x:.1}\" y=\"{}\" fill=\"{colour}\"{weight}{faint}{fit} xml:space=\"preserve\">{shown}</text>\n",
        y + 13
    ));
}

fn look_at(cell: Option<&Cell>) -> Look {
    let colour = match cell.map(Cell::fgcolor) {
        Some(Color::Idx(1 | 9)) => "#f38ba8",
        Some(Color::Idx(2 | 10)) => "#a6e3a1",
        Some(Color::Idx(3 | 11)) => "#f9e2af",
        _ => LIGHT,
    };
    let has = |what: fn(&Cell) -> bool| cell.is_some_and(what);
    Look { colour, bold: has(Cell::bold), dim: has(Cell::dim), reversed: has(Cell::inverse) }
}
