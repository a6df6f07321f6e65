namespace SeqCore;

/// <summary>
/// Takes over the tensors that functions pass to <see cref="Function.AddGradient"/>. The caller's tensor is closed, so that a
/// second use is an error where it is made, not in the function or the leaf that the gradient has reached by then.
/// </summary>
internal static class TakenGradient
{
    private const string Hint = "compute from it before, or give AddGradient a Copy() of it";

    private static readonly string[] Takers = [.. Enumerable.Range(0, 16).Select(Taker)];

    /// <summary>Returns a tensor over the same memory, and closes the one that was given.</summary>
    /// <param name="gradient">The tensor that a function gave.</param>
    /// <param name="place">The place of the input whose gradient it is, or -1 if that input is null.</param>
    internal static Tensor Of(Tensor gradient, int place) =>
        gradient.HandOver((uint)place < Takers.Length ? Takers[place] : Taker(place), Hint);

    private static string Taker(int place) => place < 0
        ? "AddGradient, which takes over every tensor that it gets"
        : $"AddGradient, which took it over as the gradient of input {place}";
}
