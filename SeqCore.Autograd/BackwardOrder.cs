namespace SeqCore;

/// <summary>
/// The order of a backward pass, in which every function comes after all functions that used its results. It follows from the
/// inputs of the functions, not from the time at which they were recorded, so that parts of a loss that ran in parallel give the
/// same bits as in sequence. If a step was recorded in the order in which its results are used, this is the reverse of that
/// order.
/// </summary>
internal static class BackwardOrder
{
    /// <summary>
    /// Links the functions that a gradient has reached, and all functions that it reaches from there, by
    /// <see cref="Function.Link"/>.
    /// </summary>
    /// <param name="recorded">The functions of one tape, in any order.</param>
    /// <returns>The first function; null if no gradient has arrived.</returns>
    internal static Function? Of(IReadOnlyList<Function> recorded)
    {
        Function? first = null;
        foreach (var root in recorded)
        {
            // During the visit of a function, its link leads back to the function that it was reached from; once all functions
            // that it used have been visited, to the function that was finished before it. So the last one finished runs first.
            var current = root.HasArrivedGradients && root.BeginVisit(root.Tape) ? root : null;
            while (current is not null)
            {
                if (current.NextCreator() is { } creator)
                {
                    if (creator.BeginVisit(root.Tape))
                        (creator.Link, current) = (current, creator);
                }
                else
                {
                    var back = current.Link;
                    (current.Link, first) = (first, current);
                    current = back;
                }
            }
        }

        return first;
    }
}
