//! Client of the Agen API.
