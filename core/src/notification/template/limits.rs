//! What a template may nest: upon recurses without a limit, and a stack overflow ends the process.

use super::problem::Span;
use super::translate::{Block, Translated};

const LONGEST_SOURCE: usize = 256 << 10;
const DEEPEST_BLOCKS: usize = 32;
const MOST_BLOCKS: usize = 1_000;
const DEEPEST_LOOPS: usize = 2;
const MOST_LOOPS: usize = 50;
const LONGEST_EXPRESSION: usize = 300;

/// Before translation.
pub(super) fn check(source: &str) -> Vec<Span> {
    if source.len() > LONGEST_SOURCE {
        let message = format!("a template has at most {} kB", LONGEST_SOURCE >> 10);
        return vec![Span { start: 0, end: 0, message }];
    }
    Vec::new()
}

/// After translation and before upon sees it. Bounded expressions bound brackets, calls and filter chains too.
pub(super) fn check_blocks(translated: &Translated) -> Vec<Span> {
    let mut problems = Vec::new();
    for (start, end) in &translated.expressions {
        if end - start > LONGEST_EXPRESSION {
            let message = format!("an expression has at most {LONGEST_EXPRESSION} bytes");
            problems.push(Span { start: *start, end: *end, message });
        }
    }
    if translated.blocks.len() > MOST_BLOCKS {
        problems.push(Span { start: 0, end: 0, message: format!("a template has at most {MOST_BLOCKS} blocks") });
    }
    let (mut open, mut loops, mut all_loops) = (0usize, 0usize, 0usize);
    let mut stack = Vec::new();
    for (block, start, end) in &translated.blocks {
        match block {
            Block::If | Block::With => {
                open += 1;
                stack.push(false);
            }
            Block::For => {
                open += 1;
                loops += 1;
                all_loops += 1;
                stack.push(true);
            }
            Block::End => {
                open = open.saturating_sub(1);
                loops -= usize::from(stack.pop().unwrap_or(false));
            }
            Block::Else => {}
        }
        let message = if open > DEEPEST_BLOCKS {
            format!("blocks are nested deeper than {DEEPEST_BLOCKS}")
        } else if loops > DEEPEST_LOOPS {
            format!("loops are nested deeper than {DEEPEST_LOOPS}")
        } else if all_loops > MOST_LOOPS {
            format!("a template has at most {MOST_LOOPS} loops")
        } else {
            continue;
        };
        problems.push(Span { start: *start, end: *end, message });
        break;
    }
    problems
}
