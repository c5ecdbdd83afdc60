//! Calls of methods that follow each other.

use proc_macro2::TokenStream;
use quote::quote;

/// Methods called one after the other. What has very many of them is cut into statements: a single expression
/// would be nested as deep, and whoever walks it would need as much of the stack, this program and the compiler.
pub(super) fn chain(start: TokenStream, links: &[TokenStream]) -> (TokenStream, TokenStream) {
    const MOST: usize = 200;
    if links.len() <= MOST {
        return (TokenStream::new(), quote!(#start #(#links)*));
    }
    let steps = links.chunks(MOST);
    let steps = steps.map(|links| quote!(let call = call #(#links)*;));
    (quote!(let call = #start; #(#steps)*), quote!(call))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::chain;

    #[test]
    fn a_long_chain_is_cut_into_statements() {
        let cut = |count: usize| {
            let (statements, call) = chain(quote!(start()), &vec![quote!(.next()); count]);
            let block: syn::Block = syn::parse_quote!({ #statements #call });
            let links = |statement: &syn::Stmt| {
                let text = quote!(#statement).to_string();
                text.matches("next").count()
            };
            block.stmts.iter().map(links).collect::<Vec<_>>()
        };
        assert_eq!(cut(200), [200]);
        assert_eq!(cut(450), [0, 200, 200, 50, 0]);
    }
}
