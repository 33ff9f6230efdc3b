//! One file a command, the tree that users type: `Args` (what was typed), `Options` (what was meant), `run`.
