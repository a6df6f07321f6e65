namespace SeqCore.Models;

/// <summary>
/// Checks the arguments of a stream while they are on the host; on a GPU the error would only appear at a later read.
/// </summary>
internal static class StreamChecks
{
    /// <exception cref="ArgumentException">A token is not in [0, V).</exception>
    internal static void Tokens(string owner, ReadOnlySpan<int> tokens, int vocabularySize)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)vocabularySize)
            {
                throw new ArgumentException($"{owner}: there is no token {token}; tokens are in [0, {vocabularySize}).",
                    nameof(tokens));
            }
        }
    }

    /// <exception cref="ArgumentException">There are not B prompts, or one is null or empty.</exception>
    internal static void Prompts(string owner, IReadOnlyList<int[]> prompts, int batchSize)
    {
        prompts = Argument.NoNulls(prompts, owner, nameof(prompts));
        if (prompts.Count != batchSize || prompts.Any(p => p.Length == 0))
        {
            throw new ArgumentException($"{owner}: there should be {Counted.Of(batchSize, "prompt")}, one for each row, of at"
                + $" least one token; got {prompts.Count} of {string.Join(", ", prompts.Select(p => p.Length))} tokens.",
                nameof(prompts));
        }
    }

    /// <exception cref="ArgumentException">There are not B rows, or a row is not in [0, B).</exception>
    internal static void Rows(string owner, ReadOnlySpan<int> rows, int batchSize)
    {
        if (rows.Length != batchSize)
            throw new ArgumentException($"{owner}: there should be {Counted.Of(batchSize, "row")}; got"
                + $" {rows.Length}.", nameof(rows));
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)batchSize)
                throw new ArgumentException($"{owner}: there is no row {row}; rows are in [0, {batchSize}).", nameof(rows));
        }
    }
}
