namespace SeqCore;

/// <summary>
/// The order of a backward pass: every function comes after all that used its results. It follows from the inputs of the
/// functions, not from when they were recorded, so that parts of a loss that ran at once give the same bits as in sequence. Where
/// a step was recorded in the order in which its results are used, this is that order backward.
/// </summary>
internal static class BackwardOrder
{
    /// <summary>
    /// Links the functions that a gradient has arrived at, and all that it flows on to, by <see cref="Function.Link"/>.
    /// </summary>
    /// <param name="recorded">The functions of one tape, in any order.</param>
    /// <returns>The first one; null if no gradient has arrived.</returns>
    internal static Function? Of(IReadOnlyList<Function> recorded)
    {
        Function? first = null;
        foreach (var root in recorded)
        {
            // While a function is on the way, its link leads back to the one that it was reached from; once all that it used has
            // been seen, to the one that was done before it. So the last one to be done is the first to run.
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
