namespace SeqCore.Samples.Common;

/// <summary>A page of attention weights: for each layer and head a map of what attends to what.</summary>
public sealed class AttentionPage
{
    /// <summary>The largest number of words on a side; of longer sequences the first ones are shown.</summary>
    public const int MostWords = 48;

    private readonly HtmlPage page;
    private int count;

    /// <summary>Makes a page without maps.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="introduction">A paragraph that explains the maps.</param>
    public AttentionPage(string title, string introduction)
    {
        page = new HtmlPage(title);
        page.Paragraph(introduction);
    }

    /// <summary>Adds one map.</summary>
    /// <param name="heading">The heading of the map.</param>
    /// <param name="weights">Shape (T, S), row by row; NaN where nothing can be attended to.</param>
    /// <param name="queries">The T words that attend, downwards.</param>
    /// <param name="keys">The S words attended to, across.</param>
    /// <param name="queryTitle">What the queries are.</param>
    /// <param name="keyTitle">What the keys are.</param>
    public void Add(string heading, float[] weights, IReadOnlyList<string> queries, IReadOnlyList<string> keys,
        string queryTitle, string keyTitle) =>
        Add(heading, [weights], 1, queries, keys, queryTitle, keyTitle);

    /// <summary>Adds a map for each layer and head.</summary>
    /// <param name="heading">The heading of the maps.</param>
    /// <param name="layers">The weights of each layer, shape (N, T, S), row by row.</param>
    /// <param name="heads">N, the number of heads.</param>
    /// <param name="queries">The T words that attend, downwards.</param>
    /// <param name="keys">The S words attended to, across.</param>
    /// <param name="queryTitle">What the queries are.</param>
    /// <param name="keyTitle">What the keys are.</param>
    /// <param name="isCausal">Whether words see only those before them: the cells after them are left out.</param>
    public void Add(string heading, IReadOnlyList<float[]> layers, int heads, IReadOnlyList<string> queries,
        IReadOnlyList<string> keys, string queryTitle, string keyTitle, bool isCausal = false)
    {
        var area = queries.Count * keys.Count;
        if (layers.FirstOrDefault(w => w.Length != heads * area) is { } odd)
        {
            throw new ArgumentException($"AttentionPage: {odd.Length} weights for {heads} heads,"
                + $" {queries.Count} queries and {keys.Count} keys.", nameof(layers));
        }

        page.Heading(heading);
        count++;
        var (rows, columns) = (Math.Min(queries.Count, MostWords), Math.Min(keys.Count, MostWords));
        if (rows < queries.Count || columns < keys.Count)
        {
            page.Paragraph(
                $"Only the first {rows} of {queries.Count} rows and the first {columns} of {keys.Count} columns are shown.");
        }

        var most = layers.Count == 0 || area == 0
            ? 1
            : Math.Max(1e-6f, layers.Max(w => w.Where(float.IsFinite).DefaultIfEmpty(1).Max()));
        var maps = layers.Select(weights => Enumerable.Range(0, heads).Select(head =>
            new HeatMap(heads == 1 ? "attention" : $"head {head + 1}",
                Part(weights, head * area, rows, columns, keys.Count, isCausal), [.. queries.Take(rows)], [.. keys.Take(columns)])
            {
                RowTitle = queryTitle,
                ColumnTitle = keyTitle,
                Most = most,
            }).ToArray()).ToArray();
        var isMany = layers.Count * heads > 2;
        for (var layer = 0; isMany && layer < maps.Length; layer++)
            page.Thumbnails($"layer {layer + 1}", maps[layer].Select((m, head) => (m, AnchorOf(layer, head))));
        for (var layer = 0; layer < maps.Length; layer++)
        {
            if (maps.Length > 1)
                page.Heading($"Layer {layer + 1}", 3);
            page.Maps(maps[layer], isMany ? [.. maps[layer].Select((_, head) => AnchorOf(layer, head))] : null);
        }

        string AnchorOf(int layer, int head) => $"map-{count}-{layer + 1}-{head + 1}";
    }

    /// <summary>Writes the page to a file.</summary>
    public void Save(string path) => page.Save(path);

    /// <inheritdoc/>
    public override string ToString() => page.ToString();

    private static float[] Part(float[] weights, int start, int rows, int columns, int width, bool isCausal)
    {
        var part = new float[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
                part[r * columns + c] = isCausal && c > r ? float.NaN : weights[start + r * width + c];
        }

        return part;
    }
}
