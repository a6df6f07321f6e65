namespace SeqCore.Models;

/// <summary>A named file that the samples train on, as it is published.</summary>
/// <param name="Name">The name that a user types; also the name of the folder that holds the file.</param>
/// <param name="FileName">The name of the file.</param>
/// <param name="DownloadUri">The address that the file is downloaded from.</param>
/// <param name="Bytes">The length of the file in bytes.</param>
/// <param name="Sha256">The SHA-256 hash of the file's content, in lower-case hexadecimal.</param>
public sealed record DataSet(string Name, string FileName, Uri DownloadUri, long Bytes, string Sha256)
{
    /// <summary>Tiny Shakespeare: forty thousand lines of Shakespeare's plays, with 65 distinct characters.</summary>
    public static DataSet TinyShakespeare { get; } = new("tinyshakespeare", "input.txt",
        new Uri("https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/"
            + "tinyshakespeare/input.txt"),
        1_115_394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed");

    /// <summary>Irish ABC: about eight hundred Irish tunes in ABC notation, with 83 distinct characters.</summary>
    public static DataSet IrishAbc { get; } = new("irish-abc", "irish.abc",
        new Uri("https://raw.githubusercontent.com/aamini/introtodeeplearning/fd8023c7804bd352fc7212ac3aa587bd90912653/"
            + "mitdeeplearning/data/irish.abc"),
        197_618, "df3782d5f7b5a2f4c66aa7c13f13008d5f48757b3f5f51620cd6c1ceb2c53023");

    /// <summary>All named data sets.</summary>
    public static IReadOnlyList<DataSet> All { get; } = [TinyShakespeare, IrishAbc];

    /// <summary>Returns the data set with a name.</summary>
    /// <exception cref="DataSourceException">There is no such data set; the message lists the existing ones.</exception>
    public static DataSet Named(string name) =>
        All.FirstOrDefault(set => set.Name == Argument.NotNull(name))
        ?? throw new DataSourceException($"There is no data set '{name}'."
            + $" Choose one of: {string.Join(", ", All.Select(set => set.Name))}.");
}
