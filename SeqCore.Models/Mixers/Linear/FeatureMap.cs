namespace SeqCore.Models;

/// <summary>
/// Maps queries and keys to features that are not negative, whose products f(q) f(k) stand for e^(q k) in
/// <see cref="LinearAttention"/>. Derive from it for a map of your own.
/// </summary>
public abstract class FeatureMap : Module
{
    /// <summary>Returns the number of features of a vector, F.</summary>
    /// <param name="headSize">The number of elements of a head, K.</param>
    public abstract int Count(int headSize);

    /// <summary>
    /// Computes the features of queries. All features of one query may have a common factor, which the division by their sum
    /// removes.
    /// </summary>
    /// <param name="x">The queries, shape (B, N, T, K).</param>
    /// <returns>The features, shape (B, N, T, F), none below 0.</returns>
    public abstract Variable OfQueries(Variable x);

    /// <summary>Computes the features of keys, each from its key alone.</summary>
    /// <param name="x">The keys, shape (B, N, T, K).</param>
    /// <returns>The features, shape (B, N, T, F), none below 0.</returns>
    public abstract Variable OfKeys(Variable x);
}
