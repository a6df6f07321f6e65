namespace SeqCore.Models;

/// <summary>
/// Luong's dot score (Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation",
/// arXiv:1508.04025): score = q' k, without parameters or scale. Queries and keys have the same size.
/// </summary>
/// <param name="size">The number of features of queries and keys, Q = I, at least 1.</param>
public sealed class DotAttention(int size) : ProductAttention(size, size);
