namespace SeqCore.Models;

/// <summary>
/// A row of a table of <see cref="WeightNames"/>: the name of a module or parameter here, and there. What follows in a flat name
/// (<c>.weight</c>) is the same on both sides. <c>*</c> stands for a number.
/// </summary>
/// <param name="Own">
/// The path through <see cref="Module.Children"/>: <c>stack.layers.*.norm1</c>.
/// </param>
/// <param name="Foreign">
/// The name in the other naming: <c>h.*.ln_1</c>. Where the tensors that are packed into one here have names of their own there,
/// these stand between plus signs: <c>self.query+key+value</c>.
/// </param>
/// <param name="IsTransposed">Whether matrices have the shape (I, O) there, and (O, I) here.</param>
public sealed record WeightName(string Own, string Foreign, bool IsTransposed = false);
