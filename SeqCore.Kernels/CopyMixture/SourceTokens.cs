namespace SeqCore.Kernels.CopyMixture;

/// <summary>
/// The different tokens of each source, in the order in which they first occur, so that a row's sums over equal tokens have a
/// place each:
/// <code>
/// source     7 2 7 5 2
/// Distinct   7 2 5        3 of them
/// Slots      0 1 0 2 1
/// </code>
/// </summary>
internal readonly unsafe struct SourceTokens(int* memory, int batch, int positions)
{
    /// <summary>The number of ints of memory for all sources.</summary>
    internal static long Length(int batch, int positions) => batch * (2L * positions + 2);

    /// <summary>The different tokens of a source.</summary>
    internal int* Distinct(int source) => memory + (nint)source * positions;

    /// <summary>The place of the token at each position of a source among the different ones.</summary>
    internal int* Slots(int source) => memory + ((nint)batch + source) * positions;

    /// <summary>The number of different tokens of a source.</summary>
    internal int Count(int source) => memory[2 * (nint)batch * positions + source];

    /// <summary>The length of a source.</summary>
    internal int LengthOf(int source) => memory[2 * (nint)batch * positions + batch + source];

    /// <summary>Finds the tokens of all sources.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="a">The operands.</param>
    /// <param name="places">Memory of V ints.</param>
    /// <exception cref="ArgumentException">A token or a length is out of range.</exception>
    internal void Find(string operation, in CopyMixtureArguments a, int* places)
    {
        new Span<int>(places, a.Vocabulary).Fill(-1);
        int* tokens = a.Tokens.Pointer(), lengths = a.Lengths.Pointer();
        for (var b = 0; b < batch; b++)
        {
            var length = lengths == null ? positions : lengths[b];
            if ((uint)length > (uint)positions)
                throw new ArgumentException(CopyMixtureText.BadLength(operation, positions, b, length));
            int* distinct = Distinct(b), slots = Slots(b);
            var count = 0;
            for (var i = 0; i < length; i++)
            {
                var token = tokens[(nint)b * positions + i];
                if ((uint)token >= (uint)a.Vocabulary)
                {
                    throw new ArgumentException(CopyMixtureText.BadToken(operation, a.Vocabulary, positions, b * positions + i,
                        token));
                }

                if (places[token] < 0)
                {
                    places[token] = count;
                    distinct[count++] = token;
                }

                slots[i] = places[token];
            }

            for (var k = 0; k < count; k++)
                places[distinct[k]] = -1;
            memory[2 * (nint)batch * positions + b] = count;
            memory[2 * (nint)batch * positions + batch + b] = length;
        }
    }
}
