using SeqCore.Models;

namespace SeqCore.Samples.TagWords;

/// <summary>How files hold tokens and tags.</summary>
/// <param name="Format">conll, conllu, or auto to decide by the extension of the file.</param>
/// <param name="TokenColumn">The column of the token; null for the usual one of the format.</param>
/// <param name="TagColumn">The column of the tag; null for the usual one of the format.</param>
internal sealed record TagFormat(string Format = "auto", int? TokenColumn = null, int? TagColumn = null)
{
    /// <summary>The columns of a file.</summary>
    public ConllOptions For(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var isConllU = Format == "conllu"
            || (Format == "auto" && name.EndsWith(".conllu", StringComparison.OrdinalIgnoreCase));
        var usual = isConllU ? ConllOptions.ConllU : ConllOptions.Conll;
        return usual with
        {
            TokenColumn = TokenColumn ?? usual.TokenColumn,
            TagColumn = TagColumn ?? usual.TagColumn,
        };
    }

    /// <summary>Reads the sentences of a file.</summary>
    /// <exception cref="DataSourceException">The file cannot be read; the message names the line.</exception>
    public TaggedFile Read(string path)
    {
        var columns = For(path);
        return new TaggedFile([.. ConllFile.Read(path, columns)], path, columns.TagColumn);
    }
}
