namespace SeqCore.Models;

/// <summary>Finds all pieces that begin at a position of a text.</summary>
internal sealed class PieceTrie
{
    private const int Root = 0;
    private readonly PairTable children;
    private readonly List<int> pieceAt = [-1];

    /// <summary>Makes the trie.</summary>
    /// <param name="pieces">The pieces, distinct and not empty, with their numbers.</param>
    internal PieceTrie(IEnumerable<(string Piece, int Number)> pieces)
    {
        children = new PairTable();
        foreach (var (piece, number) in pieces)
        {
            var node = Root;
            foreach (var unit in piece)
            {
                var child = (int)children.GetOrAdd(PairTable.Pair(node, unit), pieceAt.Count);
                if (child == pieceAt.Count)
                    pieceAt.Add(-1);
                node = child;
            }

            pieceAt[node] = number;
        }
    }

    /// <summary>Goes one UTF-16 unit further.</summary>
    /// <param name="node">The node, 0 at the start of a piece; afterwards that of the longer text, or -1 for none.</param>
    /// <param name="unit">The unit.</param>
    /// <returns>The number of the piece that ends there; -1 if none does.</returns>
    internal int Step(ref int node, char unit)
    {
        node = (int)children.Find(node, unit);
        return node < 0 ? -1 : pieceAt[node];
    }
}
