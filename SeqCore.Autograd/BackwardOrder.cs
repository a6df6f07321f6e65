namespace SeqCore;

/// <summary>
/// The order of a backward pass: every function comes after all that used its results. It follows from the inputs of the
/// functions, not from when they were recorded, so that parts of a loss that ran at once give the same bits as in sequence. Where
/// a step was recorded in the order in which its results are used, this is that order backward.
/// </summary>
internal static class BackwardOrder
{
    /// <summary>Returns the functions that a gradient has arrived at and all that it flows on to.</summary>
    /// <param name="recorded">The functions of one tape, in any order.</param>
    internal static List<Function> Of(IReadOnlyList<Function> recorded)
    {
        var order = new List<Function>(recorded.Count);
        var path = new Stack<Function>();
        foreach (var root in recorded)
        {
            if (root.HasArrivedGradients)
                Visit(root);
            while (path.TryPeek(out var function))
            {
                if (function.NextCreator() is { } creator)
                    Visit(creator);
                else
                    order.Add(path.Pop());
            }

            void Visit(Function function)
            {
                if (function.InputsVisited >= 0 || function.Tape != root.Tape)
                    return;
                function.InputsVisited = 0;
                path.Push(function);
            }
        }

        order.Reverse();
        return order;
    }
}
