using System.Runtime.InteropServices;

namespace Weft.Linux.Tests;

public class ErrnoTests
{
    [Fact]
    public void Every_text_is_the_c_librarys()
    {
        foreach (Errno errno in Enum.GetValues<Errno>().Where(errno => errno is not (Errno.None or Errno.ENOTSUPP)))
        {
            Assert.Equal(Marshal.GetPInvokeErrorMessage((int)errno), errno.Text());
        }
    }

    [Fact]
    public void Description_has_text_and_number() => Assert.Equal("File exists (errno 17)", Errno.EEXIST.Describe());

    [Fact]
    public void Number_that_nobody_knows_is_still_told() => Assert.Equal("Unknown error (errno 4711)", ((Errno)4711).Describe());

    [Fact]
    public void Exception_says_what_was_tried_why_and_what_to_do() =>
        Assert.Equal(
            "open x: Permission denied (errno 13) (run as root)", new LinuxException("open x", Errno.EACCES, "run as root").Message);
}
