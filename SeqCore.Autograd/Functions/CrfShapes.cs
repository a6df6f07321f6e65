namespace SeqCore.Functions;

/// <summary>Checks the shapes of the scores of a conditional random field.</summary>
internal static class CrfShapes
{
    internal static void Check(string operation, Shape emissions, Shape transitions, Shape start, Shape end, IndexTensor? lengths)
    {
        if (emissions.Rank != 3 || emissions[2] == 0)
        {
            throw ShapeException.Wrong(operation, "emissions", "(B, T, K) with at least 1 tag", emissions, null,
                emissions.Rank == 2 ? "for one sequence add a batch axis with Unsqueeze(0)" : null);
        }

        var tags = emissions[2];
        var because = $"emissions (B, T, K) is {emissions}";
        Expect("transitions", "(K, K)", transitions, new Shape(tags, tags));
        Expect("start", "(K,)", start, new Shape(tags));
        Expect("end", "(K,)", end, new Shape(tags));
        if (lengths is not null)
            Expect("lengths", "(B,)", lengths.Shape, new Shape(emissions[0]));

        void Expect(string name, string letters, Shape actual, Shape expected)
        {
            if (!actual.Equals(expected))
                throw ShapeException.Wrong(operation, name, $"{letters} = {expected}", actual, because);
        }
    }
}
