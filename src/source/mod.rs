//! Where entries come from: literal, file, directory, env file, standard input, prompt.
