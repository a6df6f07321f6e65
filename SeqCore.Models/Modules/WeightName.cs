namespace SeqCore.Models;

/// <summary>
/// A row of a table of <see cref="WeightNames"/>: the name of a module or parameter here and in the other naming. The rest of a
/// flat name (<c>.weight</c>) is the same on both sides. <c>*</c> stands for a number.
/// </summary>
/// <param name="Own">The path through <see cref="Module.Children"/>: <c>stack.layers.*.norm1</c>.</param>
/// <param name="Foreign">
/// The name in the other naming: <c>h.*.ln_1</c>. If tensors that are packed into one here have separate names there, these are
/// joined by plus signs: <c>self.query+key+value</c>.
/// </param>
/// <param name="IsTransposed">Whether matrices have shape (I, O) in the other naming, and (O, I) here; false by default.</param>
public sealed record WeightName(string Own, string Foreign, bool IsTransposed = false);
